/** The request that a handler is given, and what it is told besides: made lazily, for most handlers ask for little of it. */
import type { Addr } from "../socket/addresses.ts";
import { errors } from "../socket/errors.ts";
import { type Deferred, deferred } from "../time/deferred.ts";
import type { ServeHandlerInfo } from "./serve.ts";

/** One request and its answer as far as the handler can see it: its signal, and whether it was sent. */
export class Exchange {
  #controller: AbortController | null = null;
  #aborted = false;
  #completed: Deferred<void> | null = null;
  /** undefined: not decided; null: the response was sent. */
  #outcome: Error | null | undefined = undefined;

  get signal(): AbortSignal {
    if (this.#controller === null) {
      this.#controller = new AbortController();
      if (this.#aborted) this.#controller.abort(cancelled());
    }
    return this.#controller.signal;
  }

  /** The client has gone, or the exchange is over. */
  abort(): void {
    if (this.#aborted) return;
    this.#aborted = true;
    this.#controller?.abort(cancelled());
  }

  get completed(): Promise<void> {
    if (this.#completed === null) {
      this.#completed = deferred<void>();
      this.#completed.promise.catch(() => {}); // whether anybody looks is the handler's business
      if (this.#outcome !== undefined) this.#decide();
    }
    return this.#completed.promise;
  }

  /** The response was sent (null), or the client went away before. */
  settle(outcome: Error | null): void {
    if (this.#outcome !== undefined) return;
    this.#outcome = outcome;
    if (this.#completed !== null) this.#decide();
  }

  #decide(): void {
    if (this.#outcome === null) this.#completed!.resolve();
    else this.#completed!.reject(this.#outcome);
  }
}

function cancelled(): DOMException {
  return new DOMException("The request has been cancelled.", "AbortError");
}

/** What `completed` rejects with. */
export function clientGone(): Error {
  return new errors.Interrupted("HTTP connection closed before the response was completed");
}

/** The platform's Request, with the signal of its exchange. */
export class ServedRequest extends Request {
  readonly #exchange: Exchange;

  constructor(url: string, init: RequestInit, exchange: Exchange) {
    super(url, init);
    this.#exchange = exchange;
  }

  override get signal(): AbortSignal {
    return this.#exchange.signal;
  }
}

/** As `Deno.ServeHandlerInfo`. */
export class HandlerInfo implements ServeHandlerInfo {
  readonly #exchange: Exchange;

  constructor(readonly remoteAddr: Addr, exchange: Exchange) {
    this.#exchange = exchange;
  }

  get completed(): Promise<void> {
    return this.#exchange.completed;
  }
}
