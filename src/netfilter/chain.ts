/** Rules in chains, and how a packet walks them (`nft_do_chain`). */
import { ACCEPT, BREAK, CONTINUE, DROP, GOTO, type HookState, JUMP, RETURN } from "./hook_state.ts";

/** One step of a rule: a match or an action. */
export interface Statement {
  /** CONTINUE, BREAK or a verdict. */
  run(state: HookState): number;
  /** Chains that it may lead to. */
  readonly targets?: readonly Chain[];
}

export interface Rule {
  readonly handle: number;
  readonly statements: readonly Statement[];
  readonly comment: string | null;
}

/** What makes a chain a base chain. */
export interface BaseHook {
  readonly type: "filter" | "nat" | "route";
  /** NF_* */
  readonly place: number;
  readonly priority: number;
}

/** Jumps within jumps (NFT_JUMP_STACK_SIZE). */
export const JUMP_LIMIT = 16;

export class Chain {
  rules: Rule[] = [];
  policy: number = ACCEPT;
  comment: string | null = null;

  constructor(public name: string, readonly handle: number, readonly hook: BaseHook | null) {}
}

/** CONTINUE when the chain ends without a verdict. */
function walk(chain: Chain, state: HookState, depth: number): number {
  const { rules } = chain;
  for (let i = 0; i < rules.length; i++) {
    const { statements } = rules[i];
    for (let j = 0; j < statements.length; j++) {
      const verdict = statements[j].run(state);
      if (verdict === CONTINUE) continue;
      if (verdict === BREAK) break;
      if (verdict === RETURN) return CONTINUE;
      if (verdict === JUMP || verdict === GOTO) {
        const inner = depth >= JUMP_LIMIT ? DROP : walk(state.target!, state, depth + 1);
        if (inner !== CONTINUE || verdict === GOTO) return inner;
        break;
      }
      return verdict;
    }
  }
  return CONTINUE;
}

/** The verdict of a base chain: of its rules, or its policy. */
export function runBaseChain(chain: Chain, state: HookState): number {
  const verdict = walk(chain, state, 0);
  return verdict === CONTINUE ? chain.policy : verdict;
}
