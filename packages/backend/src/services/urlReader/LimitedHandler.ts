import { DecoratorHandler, type Dispatcher } from 'undici';
import { OutboundRefusedError } from './guardedAgent';

/**
 * How long an answer may take and how large it may be.
 *
 * @internal
 */
export interface OutboundLimits {
  /** Until the first byte, and between two parts of the body. */
  headersTimeoutMs: number;
  /** Until the last byte. */
  totalTimeoutMs: number;
  /** After decompression. */
  maxBytes: number;
}

/**
 * An answer that was broken off because it was too large or too slow.
 *
 * @internal
 */
export class OutboundLimitError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'OutboundLimitError';
  }
}

type Handler = Required<
  Pick<
    Dispatcher.DispatchHandler,
    | 'onRequestStart'
    | 'onRequestUpgrade'
    | 'onResponseStart'
    | 'onResponseData'
    | 'onResponseEnd'
    | 'onResponseError'
  >
>;

/**
 * Breaks off answers that exceed the limits, and reports why a request failed.
 *
 * The reason has to be reported on the side: `fetch` hides it in the cause of a
 * "fetch failed", and the URL readers drop that.
 *
 * @internal
 */
export class LimitedHandler implements Dispatcher.DispatchHandler {
  readonly #handler: Handler;
  readonly #limits: OutboundLimits;
  readonly #report: (error: Error) => void;
  #received = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    handler: Dispatcher.DispatchHandler,
    limits: OutboundLimits,
    report: (error: Error) => void,
  ) {
    // Brings handlers of older style, such as that of fetch, into the current one.
    // The methods are there, but not in the type.
    this.#handler = new DecoratorHandler(handler) as unknown as Handler;
    this.#limits = limits;
    this.#report = report;
  }

  onRequestStart(controller: Dispatcher.DispatchController, context: unknown) {
    const seconds = this.#limits.totalTimeoutMs / 1000;
    this.#timer = setTimeout(
      () =>
        controller.abort(
          new OutboundLimitError(`The answer took longer than ${seconds} s`),
        ),
      this.#limits.totalTimeoutMs,
    );
    this.#timer.unref();
    this.#handler.onRequestStart(controller, context);
  }

  onRequestUpgrade(...args: Parameters<Handler['onRequestUpgrade']>) {
    this.#handler.onRequestUpgrade(...args);
  }

  onResponseStart(...args: Parameters<Handler['onResponseStart']>) {
    this.#handler.onResponseStart(...args);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer) {
    this.#received += chunk.length;
    if (this.#received > this.#limits.maxBytes) {
      const megabytes = Math.floor(this.#limits.maxBytes / 1024 / 1024);
      controller.abort(
        new OutboundLimitError(`The answer is larger than ${megabytes} MB`),
      );
      return;
    }
    this.#handler.onResponseData(controller, chunk);
  }

  onResponseEnd(
    ...[controller, trailers]: Parameters<Handler['onResponseEnd']>
  ) {
    clearTimeout(this.#timer);
    this.#handler.onResponseEnd(controller, trailers);
  }

  onResponseError(controller: Dispatcher.DispatchController, error: Error) {
    clearTimeout(this.#timer);
    if (
      error instanceof OutboundRefusedError ||
      error instanceof OutboundLimitError
    ) {
      this.#report(error);
    }
    this.#handler.onResponseError(controller, error);
  }
}
