import type { LoggerService } from '@backstage/backend-plugin-api';
import type { Dispatcher } from 'undici';
import type { UpstreamFailure } from './explainFailure';
import type { UpstreamTls } from './HttpTransport';

/**
 * Limits of one instance. What is left out has the default.
 *
 * @public
 */
export interface UpstreamLimits {
  /** Calls at the same time. @defaultValue 8 */
  readonly inFlight?: number;
  /** Calls that wait for one of these to end; the next is refused as `overloaded`. @defaultValue 50 */
  readonly queued?: number;
  /** Streams at the same time, see `lines`. @defaultValue 100 */
  readonly streams?: number;
  /** Tries of an idempotent call, the first included. @defaultValue 3 */
  readonly attempts?: number;
  /** @defaultValue 8,000 */
  readonly readTimeoutMs?: number;
  /** @defaultValue 3,000 */
  readonly firstByteTimeoutMs?: number;
  /** @defaultValue 25,000 */
  readonly writeTimeoutMs?: number;
  /** @defaultValue 20 MB */
  readonly maxBytes?: number;
  /** The delay before the first retry is random up to this, and doubles at the most to `retryMaxMs`. @defaultValue 100 */
  readonly retryMinMs?: number;
  /** @defaultValue 2,000 */
  readonly retryMaxMs?: number;
  /** How long an open breaker waits before it tries a call, give or take a fifth. @defaultValue 15,000 */
  readonly breakerOpenMs?: number;
  /** Failed or timed out connections in a row that open the breaker, beside half of 20 calls. @defaultValue 5 */
  readonly breakerFailedConnections?: number;
}

/**
 * Options of {@link createUpstreamHttp}.
 *
 * @public
 */
export interface UpstreamHttpOptions {
  /** Such as `argocd`. */
  readonly system: string;
  /** The name of the instance in the configuration, such as `main`. */
  readonly instance: string;
  /** http or https, without user and password, a query or a fragment. A path is kept in front of every request's. */
  readonly baseUrl: string;
  /** Sent with every request, such as a tenant's name. Their values are redacted like credentials. */
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * The headers that prove who calls. Asked for before every attempt, so keep what is still good.
   *
   * @param refused - The headers that the system has just answered with 401, if so. If other headers come back, the
   * call is made once more with them.
   */
  readonly authorization?: (
    refused?: Readonly<Record<string, string>>,
  ) =>
    | Readonly<Record<string, string>>
    | Promise<Readonly<Record<string, string>>>;
  readonly tls?: UpstreamTls;
  /** Taken out of every error and log line, beside what `authorization` and `headers` say. */
  readonly secrets?: readonly string[];
  /**
   * Reads the system's own error body, redacted already. What it leaves out, or all if it returns undefined, has the
   * meaning of the status.
   */
  readonly parseError?: (
    status: number,
    contentType: string,
    body: string,
  ) => (Partial<UpstreamFailure> & { readonly reason: string }) | undefined;
  readonly limits?: UpstreamLimits;
  readonly logger?: LoggerService;
  /** Connections of another kind, through a proxy for example. `tls` has then no effect. */
  readonly dispatcher?: Dispatcher;
}
