/** `Promise.withResolvers`, which Node 20 does not have. */

/** A promise and the functions that settle it. */
export interface Deferred<T> {
  promise: Promise<T>;
  resolve: (value: T | PromiseLike<T>) => void;
  reject: (reason?: unknown) => void;
}

const native = (Promise as { withResolvers?: <T>() => Deferred<T> }).withResolvers;

/** A promise that is settled from outside. */
export const deferred: <T>() => Deferred<T> = native !== undefined ? native.bind(Promise) : <T>(): Deferred<T> => {
  let resolve!: Deferred<T>["resolve"], reject!: Deferred<T>["reject"];
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
};
