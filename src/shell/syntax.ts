/** What shell text is made of, once parsed: the part of bash's grammar that this shell speaks. */

export type WordPart =
  | { readonly kind: "text"; readonly text: string; readonly quoted: boolean }
  | {
    readonly kind: "parameter";
    /** `NAME[@]` and `NAME[*]` for all elements of an array. */
    readonly name: string;
    /** Of `${NAME[INDEX]}`. */
    readonly subscript?: Word;
    readonly quoted: boolean;
    /** `-`, `:-`, `=`, `+`, `?`, `#`, `%`, `/`, `:`, … of `${NAME…}`; `length` of `${#NAME}`; `indices` of `${!NAME[@]}`; "" for the plain value. */
    readonly operator: string;
    readonly argument: Word | null;
    /** As written, for complaints. */
    readonly source: string;
  }
  | { readonly kind: "command"; readonly body: List; readonly quoted: boolean }
  | { readonly kind: "arithmetic"; readonly expression: Word; readonly quoted: boolean };

export type Word = readonly WordPart[];

export type RedirectionOperator = "<" | ">" | ">>" | ">|" | "<>" | ">&" | "<&" | "<<<" | "<<" | "&>" | "&>>";

export interface Redirection {
  readonly fd: number;
  readonly operator: RedirectionOperator;
  /** The file, the descriptor, or the text of `<<<` and `<<`. */
  target: Word;
  readonly line: number;
}

export interface Assignment {
  readonly name: string;
  readonly value: Word;
  /** `NAME+=VALUE` */
  readonly append: boolean;
  /** Of `NAME[INDEX]=VALUE`. */
  readonly subscript: Word | null;
  /** Of `NAME=(…)`. */
  readonly elements: readonly Word[] | null;
}

interface Any {
  readonly line: number;
  redirections: Redirection[];
}

export interface SimpleCommand extends Any {
  readonly kind: "simple";
  readonly assignments: readonly Assignment[];
  /** `NAME=(…)` among the words of `local` and the like. */
  readonly arrays: readonly Assignment[];
  readonly words: readonly Word[];
}

export interface Group extends Any {
  readonly kind: "group";
  readonly body: List;
  /** `( … )`: variables and the directory stay inside. */
  readonly subshell: boolean;
}

export interface ForLoop extends Any {
  readonly kind: "for";
  readonly name: string;
  /** null: the positional parameters. */
  readonly words: readonly Word[] | null;
  readonly body: List;
}

/** `for ((FIRST; CONDITION; STEP))` */
export interface ArithmeticFor extends Any {
  readonly kind: "count";
  readonly first: Word;
  readonly condition: Word;
  readonly step: Word;
  readonly body: List;
}

/** `(( … ))` */
export interface ArithmeticCommand extends Any {
  readonly kind: "arithmetic";
  readonly expression: Word;
}

export type Test =
  | { readonly kind: "and" | "or"; readonly left: Test; readonly right: Test }
  | { readonly kind: "not"; readonly inner: Test }
  | { readonly kind: "unary"; readonly operator: string; readonly operand: Word }
  | { readonly kind: "binary"; readonly operator: string; readonly left: Word; readonly right: Word };

/** `[[ … ]]` */
export interface TestCommand extends Any {
  readonly kind: "test";
  readonly test: Test;
}

export interface WhileLoop extends Any {
  readonly kind: "while";
  readonly until: boolean;
  readonly condition: List;
  readonly body: List;
}

export interface Conditional extends Any {
  readonly kind: "if";
  readonly branches: readonly { readonly condition: List; readonly body: List }[];
  readonly otherwise: List | null;
}

export interface CaseCommand extends Any {
  readonly kind: "case";
  readonly word: Word;
  readonly clauses: readonly { readonly patterns: readonly Word[]; readonly body: List }[];
}

export interface FunctionDefinition extends Any {
  readonly kind: "function";
  readonly name: string;
  readonly body: Command;
}

export type Command =
  | SimpleCommand
  | Group
  | ForLoop
  | ArithmeticFor
  | ArithmeticCommand
  | TestCommand
  | WhileLoop
  | Conditional
  | CaseCommand
  | FunctionDefinition;

export interface Pipeline {
  readonly commands: readonly Command[];
  /** `!` */
  readonly negated: boolean;
}

export interface AndOr {
  readonly first: Pipeline;
  readonly rest: readonly { readonly operator: "&&" | "||"; readonly pipeline: Pipeline }[];
  readonly background: boolean;
}

export type List = readonly AndOr[];

/** Text that is no shell language; the message and lines are bash's. */
export class ShellSyntaxError extends Error {
  override name = "ShellSyntaxError";
  /** `text` is the line in which an unexpected token stands; null when the end of the text came too early. */
  constructor(message: string, readonly line: number, readonly text: string | null) {
    super(message);
  }
}
