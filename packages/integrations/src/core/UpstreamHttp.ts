import type { z } from 'zod';
import type { UpstreamHealth } from './UpstreamHealth';

/**
 * One HTTP call to an upstream system.
 *
 * @public
 */
export interface UpstreamRequest {
  /** What is being done, in a few fixed words for errors, spans and metrics: `list-applications`. */
  readonly operation: string;
  /** @defaultValue `GET` */
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'LIST';
  /** Below the instance's base URL, starting with a slash. Make it with {@link pathOf}, which encodes. */
  readonly path: string;
  /** Undefined values are left out; arrays repeat the parameter. */
  readonly query?: Readonly<
    Record<string, string | number | boolean | readonly string[] | undefined>
  >;
  /** Sent as JSON, or as it is if it is a string or URLSearchParams. */
  readonly body?: unknown;
  /** A list sends the header several times. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** Called with the headers of a successful answer, before its body is read: for streams long before the first line. */
  readonly onHeaders?: (headers: UpstreamResponse['headers']) => void;
  /**
   * Whether the call may be repeated after a failure.
   *
   * @defaultValue true for GET and LIST, otherwise false
   */
  readonly idempotent?: boolean;
  readonly signal?: AbortSignal;
  /**
   * For the whole call with its retries, in milliseconds.
   *
   * @defaultValue 8,000 for what is idempotent, otherwise 25,000
   */
  readonly timeoutMs?: number;
  /**
   * For the first byte of one attempt, in milliseconds.
   *
   * @defaultValue 3,000 for what is idempotent, otherwise only `timeoutMs` counts
   */
  readonly firstByteTimeoutMs?: number;
  /**
   * What the answer may have at most, in bytes, after decompression.
   *
   * @defaultValue 20 MB
   */
  readonly maxBytes?: number;
}

/**
 * An HTTP client of one instance of one upstream system: deadline, retries of reads, circuit breaker, bulkhead,
 * size cap, TLS, credentials, spans and metrics.
 *
 * @public
 */
export interface UpstreamHttp {
  readonly system: string;
  readonly instance: string;
  /** Without a slash at the end. */
  readonly baseUrl: string;
  /**
   * Calls and parses the JSON answer with the schema.
   *
   * @throws {@link UpstreamError} if the call fails, or the answer is not what the schema says.
   */
  json<S extends z.ZodType>(
    request: UpstreamRequest,
    schema: S,
  ): Promise<z.output<S>>;
  /** Like {@link UpstreamHttp.json}, but undefined if the answer is 404. */
  findJson<S extends z.ZodType>(
    request: UpstreamRequest,
    schema: S,
  ): Promise<z.output<S> | undefined>;
  /** Calls and returns the body as text. */
  text(request: UpstreamRequest): Promise<string>;
  /** Calls and ignores the body. */
  send(request: UpstreamRequest): Promise<void>;
  /** Calls and returns status, headers and text of any answer below 300, and of 304. */
  raw(request: UpstreamRequest): Promise<UpstreamResponse>;
  /**
   * Reads an answer without end, line by line. The time limit is for the first byte only; after that a silence of
   * `idleTimeoutMs` ends it with an error. Without line ends; empty lines are passed on.
   *
   * @remarks
   * Only opening it is retried. Reads no faster than the consumer; leaving the loop closes the connection.
   */
  lines(
    request: UpstreamRequest & {
      /** `Infinity` for none. @defaultValue 5 minutes */
      readonly idleTimeoutMs?: number;
      /** @defaultValue 10 MB */
      readonly maxLineBytes?: number;
    },
  ): AsyncIterable<string>;
  /** What is known of the instance from the calls made so far. Asks nothing. */
  health(): UpstreamHealth;
  /** Closes the connections. What is under way ends as `cancelled`. */
  close(): Promise<void>;
}

/** @public */
export interface UpstreamResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

/**
 * Makes a path of which every inserted value is one encoded segment.
 *
 * @example pathOf`/api/v1/applications/${name}/sync`
 *
 * @public
 */
export function pathOf(
  strings: TemplateStringsArray,
  ...values: (string | number)[]
): string {
  return strings.reduce((path, text, index) => {
    const value = String(values[index - 1]);
    if (value === '' || value === '.' || value === '..') {
      throw new TypeError(
        `Cannot make a path: '${value}' cannot be a part of it`,
      );
    }
    return `${path}${encodeURIComponent(value)}${text}`;
  });
}
