/**
 * The only place of the core that touches the real world's loop and clock: turns of the JavaScript loop, and the wall clock
 * for networks that follow it. Everything is captured when the module loads, so that a test's fake timers do not stop it.
 *
 * @module
 */

interface RealGlobals {
  setImmediate?: (callback: () => void) => unknown;
  MessageChannel: typeof MessageChannel;
  performance: { now(): number };
  setTimeout: (callback: () => void, ms: number) => unknown;
  clearTimeout: (id: unknown) => void;
}
const real = globalThis as unknown as RealGlobals;

const immediate = real.setImmediate;
const performance = real.performance;
const now = performance.now.bind(performance);
const timeout = real.setTimeout.bind(globalThis);
const clear = real.clearTimeout.bind(globalThis);

function channelTurns(): (callback: () => void) => void {
  const channel = new real.MessageChannel();
  const waiting: (() => void)[] = [];
  channel.port1.onmessage = () => waiting.shift()?.();
  return (callback) => {
    waiting.push(callback);
    channel.port2.postMessage(0);
  };
}

/** Calls back after all microtasks and one turn of the JavaScript loop. */
export const nextTurn: (callback: () => void) => void = immediate !== undefined
  ? (callback) => void immediate(callback)
  : channelTurns();

/** The wall clock in integer nanoseconds from some moment. */
export function wallNow(): number {
  return Math.round(now() * 1e6);
}

/** Calls back after real milliseconds; gives the function that calls that off. */
export function wallTimeout(callback: () => void, ms: number): () => void {
  const id = timeout(callback, ms);
  return () => clear(id);
}
