import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { toError } from '@backstage/errors';
import type { z } from 'zod';
import { isReadableOnTheWay, readBaseUrl } from './buildUrl';
import { CallGuard } from './CallGuard';
import { Deadline, DeadlineError } from './Deadline';
import { defaultLimits } from './defaultLimits';
import { ErrorFactory } from './ErrorFactory';
import { explainRefusal } from './explainRefusal';
import { HealthRecorder } from './HealthRecorder';
import { HttpTransport } from './HttpTransport';
import type { TransportResponse } from './HttpTransport';
import { parseAnswer } from './parseAnswer';
import { prepareRequest } from './prepareRequest';
import type { PreparedRequest } from './prepareRequest';
import { BodyTooLargeError, readBody } from './readBody';
import { readLines } from './readLines';
import { Redactor } from './Redactor';
import { isPassing, isSame, lowerCase, seconds } from './requestParts';
import type { Headers } from './requestParts';
import { RetryBudget } from './RetryBudget';
import { UpstreamError } from './UpstreamError';
import type { UpstreamHealth } from './UpstreamHealth';
import type {
  UpstreamHttp,
  UpstreamRequest,
  UpstreamResponse,
} from './UpstreamHttp';
import type {
  UpstreamHttpOptions,
  UpstreamLimits,
} from './UpstreamHttpOptions';
import { UpstreamTelemetry } from './UpstreamTelemetry';
import type { CallTelemetry } from './UpstreamTelemetry';

const MAX_LINE_BYTES = 10 * 1024 * 1024;
const IDLE_TIMEOUT_MS = 5 * 60_000;

/** One call with what all its attempts share. */
interface Call extends PreparedRequest {
  readonly deadline: Deadline;
  readonly telemetry: CallTelemetry;
}

/** @internal */
export class DefaultUpstreamHttp implements UpstreamHttp {
  readonly system: string;
  readonly instance: string;
  readonly baseUrl: string;
  readonly #options: UpstreamHttpOptions;
  readonly #limits: Required<UpstreamLimits>;
  readonly #base: URL;
  readonly #transport: HttpTransport;
  readonly #redactor: Redactor;
  readonly #errors: ErrorFactory;
  readonly #guard: CallGuard;
  readonly #budget = new RetryBudget();
  readonly #health = new HealthRecorder();
  readonly #telemetry: UpstreamTelemetry;

  constructor(options: UpstreamHttpOptions) {
    const { system, instance, logger } = options;
    this.system = system;
    this.instance = instance;
    this.#options = options;
    this.#limits = { ...defaultLimits, ...options.limits };
    this.#base = readBaseUrl(options.baseUrl);
    this.baseUrl = this.#base.href.replace(/\/$/, '');
    this.#transport = new HttpTransport({ ...options, base: this.#base });
    this.#redactor = new Redactor(options.secrets);
    this.#redactor.noteHeaders(options.headers ?? {});
    this.#errors = new ErrorFactory({
      system,
      instance,
      redactor: this.#redactor,
    });
    if (options.authorization && isReadableOnTheWay(this.#base)) {
      logger?.warn(
        `${system} (${instance}) gets the portal's credentials over plain HTTP: whoever is on the way can read them. Give it an https URL`,
      );
    }
    this.#telemetry = new UpstreamTelemetry({ system, instance });
    this.#guard = new CallGuard(this.#limits, state => {
      const message = `${system} (${instance}): circuit breaker ${state}`;
      if (state === 'open') {
        logger?.warn(
          `${message}. ${this.#health.get().lastError?.message ?? ''}`.trim(),
        );
      } else {
        logger?.info(message);
      }
    });
  }

  async json<S extends z.ZodType>(
    request: UpstreamRequest,
    schema: S,
  ): Promise<z.output<S>> {
    return this.#call(request, async response => {
      const body = await this.#read(request, response);
      const parsed = parseAnswer(
        body,
        response.headers['content-type'] ?? 'no content type',
        schema,
      );
      if (!parsed.ok) {
        throw this.#errors.create(request, parsed.failure);
      }
      return parsed.value;
    });
  }

  async findJson<S extends z.ZodType>(
    request: UpstreamRequest,
    schema: S,
  ): Promise<z.output<S> | undefined> {
    try {
      return await this.json(request, schema);
    } catch (error) {
      if (error instanceof UpstreamError && error.code === 'not-found') {
        return undefined;
      }
      throw error;
    }
  }

  async text(request: UpstreamRequest): Promise<string> {
    return (await this.raw(request)).body;
  }

  async send(request: UpstreamRequest): Promise<void> {
    await this.raw(request);
  }

  async raw(request: UpstreamRequest): Promise<UpstreamResponse> {
    return this.#call(request, async response => ({
      status: response.status,
      headers: response.headers,
      body: await this.#read(request, response),
    }));
  }

  async *lines(
    request: UpstreamRequest & {
      readonly idleTimeoutMs?: number;
      readonly maxLineBytes?: number;
    },
  ): AsyncGenerator<string, void, undefined> {
    let opened: { body: Readable; deadline: Deadline } | undefined;
    let close: (() => void) | undefined;
    try {
      close = this.#guard.openStream();
      opened = await this.#call(
        {
          ...request,
          headers: { 'accept-encoding': 'identity', ...request.headers },
        },
        async ({ body }, deadline) => {
          deadline.lift();
          return { body, deadline };
        },
        { keepDeadline: true },
      );
      yield* readLines(opened.body, {
        idleTimeoutMs: request.idleTimeoutMs ?? IDLE_TIMEOUT_MS,
        maxLineBytes: request.maxLineBytes ?? MAX_LINE_BYTES,
      });
    } catch (error) {
      const upstreamError = this.#errors.from(request, error);
      if (opened && upstreamError.code === 'unreachable') {
        this.#health.failure(upstreamError, 0);
      }
      throw upstreamError;
    } finally {
      opened?.deadline.dispose();
      close?.();
    }
  }

  health(): UpstreamHealth {
    return {
      system: this.system,
      instance: this.instance,
      baseUrl: this.baseUrl,
      breaker: this.#guard.breaker,
      ...this.#health.get(),
      inFlight: this.#guard.inFlight,
      queued: this.#guard.queued,
      streams: this.#guard.streams,
      throttledUntil: this.#guard.throttledUntil?.toISOString(),
    };
  }

  async close(): Promise<void> {
    await this.#transport.close();
  }

  async #call<T>(
    request: UpstreamRequest,
    use: (response: TransportResponse, deadline: Deadline) => Promise<T>,
    options?: { readonly keepDeadline: boolean },
  ): Promise<T> {
    const prepared = prepareRequest(request, {
      base: this.#base,
      headers: this.#options.headers,
      limits: this.#limits,
    });
    const { method, timeoutMs } = prepared;
    const { operation, signal } = request;
    const startedAt = performance.now();
    const deadline = new Deadline({ signal, timeoutMs });
    let ok = false;
    try {
      const result = await this.#telemetry.measure(
        { operation, method },
        telemetry => this.#repeat({ ...prepared, deadline, telemetry }, use),
      );
      ok = true;
      this.#health.success(performance.now() - startedAt);
      return result;
    } catch (error) {
      const upstreamError = this.#errors.from(request, error, deadline);
      this.#health.failure(upstreamError, performance.now() - startedAt);
      throw upstreamError;
    } finally {
      if (!ok || !options?.keepDeadline) {
        deadline.dispose();
      }
    }
  }

  async #repeat<T>(
    call: Call,
    use: (response: TransportResponse, deadline: Deadline) => Promise<T>,
  ): Promise<T> {
    const { deadline, request, telemetry } = call;
    this.#budget.noteCall();
    let next = await this.#authorize(call);
    let renewed = false;
    for (;;) {
      const authorization = next;
      const startedAt = performance.now();
      telemetry.attempts += 1;
      try {
        return await this.#guard.run(deadline, () =>
          this.#attempt(call, authorization, use),
        );
      } catch (thrown) {
        const error = this.#errors.from(request, thrown, deadline);
        if (error.status === 401 && !renewed && !deadline.signal.aborted) {
          renewed = true;
          next = await this.#authorize(call, authorization);
          if (isSame(next, authorization)) {
            throw error;
          }
          continue;
        }
        const delayMs = this.#delayBefore(telemetry.attempts, error);
        if (
          !call.idempotent ||
          !isPassing(error) ||
          telemetry.attempts >= this.#limits.attempts ||
          delayMs >= deadline.remainingMs ||
          deadline.signal.aborted ||
          !this.#budget.take()
        ) {
          throw error;
        }
        // The breaker may refuse the next attempt, and then nothing else would say that the system is down.
        this.#health.failure(error, performance.now() - startedAt);
        await sleep(delayMs, undefined, { signal: deadline.signal });
        next = await this.#authorize(call);
      }
    }
  }

  async #attempt<T>(
    call: Call,
    authorization: Headers,
    use: (response: TransportResponse, deadline: Deadline) => Promise<T>,
  ): Promise<T> {
    const { deadline, firstByteMs, request, telemetry } = call;
    const firstByte = new Deadline({
      signal: deadline.signal,
      timeoutMs: Math.min(firstByteMs, deadline.remainingMs),
    });
    try {
      const response = await this.#transport.request({
        method: call.method,
        url: call.url,
        headers: { ...call.headers, ...authorization },
        body: call.body,
        signal: firstByte.signal,
      });
      firstByte.lift();
      telemetry.status = response.status;
      if (response.status >= 300 && response.status !== 304) {
        throw await this.#refusal(call, response);
      }
      request.onHeaders?.(response.headers);
      return await use(response, deadline);
    } catch (error) {
      if (firstByte.timedOut && !deadline.signal.aborted) {
        throw this.#errors.create(request, {
          code: 'timeout',
          reason: `no answer within ${seconds(
            Math.min(firstByteMs, deadline.timeoutMs),
          )}`,
        });
      }
      throw this.#errors.from(request, error, deadline);
    } finally {
      // Not disposed of: what is read of the body still ends with the deadline.
      firstByte.lift();
    }
  }

  async #authorize(call: Call, refused?: Headers): Promise<Headers> {
    const { authorization } = this.#options;
    if (!authorization) {
      return {};
    }
    try {
      const headers = lowerCase(
        await call.deadline.race((async () => authorization(refused))()),
      );
      this.#redactor.noteHeaders(headers);
      return headers;
    } catch (error) {
      if (error instanceof UpstreamError || error instanceof DeadlineError) {
        throw error;
      }
      throw this.#errors.create(call.request, {
        code: 'unauthenticated',
        reason: `there are no credentials for it: ${toError(error).message}`,
        cause: error,
      });
    }
  }

  /** The error for an answer that is not a success. */
  async #refusal(
    call: Call,
    response: TransportResponse,
  ): Promise<UpstreamError> {
    const failure = await explainRefusal(response, {
      redactor: this.#redactor,
      parseError: this.#options.parseError,
    });
    if (
      failure.status === 429 &&
      call.idempotent &&
      failure.retryAfterSeconds
    ) {
      this.#guard.throttle(failure.retryAfterSeconds);
    }
    return this.#errors.create(call.request, failure);
  }

  async #read(
    request: UpstreamRequest,
    response: TransportResponse,
  ): Promise<string> {
    const maxBytes = request.maxBytes ?? this.#limits.maxBytes;
    try {
      if (Number(response.headers['content-length'] ?? 0) > maxBytes) {
        throw new BodyTooLargeError();
      }
      return await readBody(response.body, maxBytes);
    } catch (error) {
      response.body.destroy();
      throw error;
    }
  }

  /** In milliseconds. Random, so that those who failed together do not come back together. */
  #delayBefore(attempt: number, error: UpstreamError): number {
    const { retryMaxMs, retryMinMs } = this.#limits;
    const asked = (error.retryAfterSeconds ?? 0) * 1000;
    const most = Math.min(retryMaxMs, retryMinMs * 2 ** (attempt - 1));
    return asked + Math.random() * most;
  }
}
