import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Agent } from 'undici';
import type { Dispatcher } from 'undici';

const CONNECT_TIMEOUT_MS = 1000;
const KEEP_ALIVE_MS = 30_000;
const MOST_REDIRECTS = 3;

/**
 * How an instance proves who it is, and the client too where certificates do that.
 *
 * @public
 */
export interface UpstreamTls {
  /** Certificates to trust, as PEM. The system's own are then not trusted. */
  readonly ca?: string;
  /** The client's certificate and key, as PEM. */
  readonly certificate?: string;
  readonly key?: string;
  /** The name in the server's certificate, if it is not the host of the URL. */
  readonly serverName?: string;
  /** Trusts any certificate of this one instance: whoever is on the way can read everything. */
  readonly dangerouslyDisableVerification?: boolean;
}

/** @internal */
export interface TransportRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string;
  readonly signal: AbortSignal;
}

/** @internal */
export interface TransportResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Decompressed. */
  readonly body: Readable;
}

/**
 * The connections to one instance. Knows nothing of time limits or retries.
 *
 * @internal
 */
export class HttpTransport {
  readonly #base: URL;
  readonly #dispatcher: Dispatcher;

  constructor(options: {
    readonly base: URL;
    readonly tls?: UpstreamTls;
    readonly dispatcher?: Dispatcher;
  }) {
    const { base, tls } = options;
    this.#base = base;
    this.#dispatcher =
      options.dispatcher ??
      new Agent({
        connect: {
          timeout: CONNECT_TIMEOUT_MS,
          ca: tls?.ca,
          cert: tls?.certificate,
          key: tls?.key,
          ...(tls?.serverName && { servername: tls.serverName }),
          rejectUnauthorized: !tls?.dangerouslyDisableVerification,
        },
        keepAliveTimeout: KEEP_ALIVE_MS,
        // Undici's own limits are a second coarse; each call has exact ones.
        headersTimeout: 0,
        bodyTimeout: 0,
      });
  }

  /**
   * Follows redirects of reads within the base URL, which get the same credentials as they are the same server. No
   * other redirect is followed.
   */
  async request(request: TransportRequest): Promise<TransportResponse> {
    let { url } = request;
    for (let redirects = 0; ; redirects++) {
      const response = await this.#dispatcher.request({
        origin: url.origin,
        path: `${url.pathname}${url.search}`,
        method: request.method as Dispatcher.HttpMethod,
        headers: request.headers as Record<string, string | string[]>,
        body: request.body,
        signal: request.signal,
      });
      const { statusCode: status, body } = response;
      // A reader that leaves early destroys the body, which is then an error that nobody waits for.
      body.on('error', () => {});
      const location = response.headers.location;
      if (
        request.method === 'GET' &&
        [301, 302, 303, 307, 308].includes(status) &&
        typeof location === 'string' &&
        redirects < MOST_REDIRECTS &&
        this.#contains(resolve(location, url))
      ) {
        await body.dump({ limit: 64 * 1024 });
        url = new URL(location, url);
        continue;
      }
      const headers = Object.fromEntries(
        Object.entries(response.headers).map(([name, value]) => [
          name,
          Array.isArray(value) ? value.join(', ') : value,
        ]),
      );
      return {
        status,
        headers,
        body:
          headers['content-encoding']?.toLowerCase() === 'gzip'
            ? gunzip(body)
            : body,
      };
    }
  }

  async close(): Promise<void> {
    await this.#dispatcher.destroy();
  }

  #contains(url: URL | undefined): boolean {
    const path = this.#base.pathname.replace(/\/$/, '');
    return (
      url?.origin === this.#base.origin &&
      (url.pathname === path || url.pathname.startsWith(`${path}/`))
    );
  }
}

function resolve(location: string, base: URL): URL | undefined {
  return URL.canParse(location, base) ? new URL(location, base) : undefined;
}

function gunzip(body: Readable): Readable {
  const plain = createGunzip();
  body.on('error', error => plain.destroy(error));
  plain.on('close', () => body.destroy());
  return body.pipe(plain);
}
