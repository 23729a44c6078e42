import { AsyncLocalStorage } from 'node:async_hooks';
import { Dispatcher, getGlobalDispatcher, setGlobalDispatcher } from 'undici';
import { LimitedHandler, type OutboundLimits } from './LimitedHandler';

/**
 * What applies to the `fetch` calls of one read.
 *
 * @internal
 */
export interface OutboundContext {
  dispatcher: Dispatcher;
  limits: OutboundLimits;
  /** Set when the guard has refused or broken off a request. */
  refusal?: Error;
}

const storage = new AsyncLocalStorage<OutboundContext>();

/**
 * The dispatcher behind the global `fetch`: inside a context it sends requests
 * through the guard, outside it changes nothing.
 */
class ContextDispatcher extends Dispatcher {
  readonly #outside: Dispatcher;

  constructor(outside: Dispatcher) {
    super();
    this.#outside = outside;
  }

  dispatch(
    options: Dispatcher.DispatchOptions,
    handler: Dispatcher.DispatchHandler,
  ): boolean {
    const context = storage.getStore();
    if (!context) {
      return this.#outside.dispatch(options, handler);
    }
    return context.dispatcher.dispatch(
      {
        ...options,
        headersTimeout: context.limits.headersTimeoutMs,
        bodyTimeout: context.limits.headersTimeoutMs,
      },
      new LimitedHandler(handler, context.limits, error => {
        context.refusal ??= error;
      }),
    );
  }

  async close(): Promise<void> {
    await this.#outside.close();
  }

  async destroy(): Promise<void> {
    await this.#outside.destroy();
  }
}

let installed: ContextDispatcher | undefined;

/**
 * Puts the guard behind the global `fetch`. Safe to call more than once.
 *
 * @internal
 */
export function installOutboundContext(): void {
  if (!installed) {
    installed = new ContextDispatcher(getGlobalDispatcher());
    setGlobalDispatcher(installed);
  }
}

/**
 * Runs a function whose `fetch` calls go through the guard.
 *
 * @remarks
 *
 * Refuses to run at all if somebody has replaced the dispatcher: then the guard
 * would not see the requests.
 *
 * @internal
 */
export async function runInOutboundContext<T>(
  context: OutboundContext,
  fn: () => Promise<T>,
): Promise<T> {
  if (!installed || getGlobalDispatcher() !== installed) {
    throw new Error(
      `The guard of outgoing requests is not in place, because setGlobalDispatcher() was called after the backend started. Call it at the top of packages/backend/src/index.ts instead`,
    );
  }
  return storage.run(context, fn);
}

/**
 * Fails if the global `fetch` does not go through the guard.
 *
 * @remarks
 *
 * Which dispatcher `fetch` uses is a detail of the Node version. A guard that is
 * silently passed by would be worse than a backend that does not start.
 *
 * @internal
 */
export async function verifyOutboundContext(): Promise<void> {
  const canary = new Error('canary');
  let seen = false;
  class CanaryDispatcher extends Dispatcher {
    dispatch(): boolean {
      seen = true;
      throw canary;
    }
  }
  await runInOutboundContext(
    {
      dispatcher: new CanaryDispatcher(),
      limits: { headersTimeoutMs: 1, totalTimeoutMs: 1, maxBytes: 1 },
    },
    async () => {
      // Continues after a tick, to see that the context lives on.
      await new Promise(resolve => setImmediate(resolve));
      await fetch('http://waystone-guard.invalid/').catch(() => undefined);
    },
  );
  if (!seen) {
    throw new Error(
      `Outgoing requests cannot be guarded: fetch of Node ${process.version} does not use the dispatcher of the installed undici. Use Node 22 or 24`,
    );
  }
}
