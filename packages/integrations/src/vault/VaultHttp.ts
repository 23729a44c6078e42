import type { z } from 'zod';
import { createUpstreamHttp } from '../core/createUpstreamHttp';
import { UpstreamError } from '../core/UpstreamError';
import type { UpstreamHttp, UpstreamRequest } from '../core/UpstreamHttp';
import type { UpstreamHttpOptions } from '../core/UpstreamHttpOptions';
import { parseVaultError, vaultFailureOf } from './errors';
import { VaultLogin } from './VaultLogin';
import type { VaultAuth } from './VaultAuth';
import { VaultTokenSource } from './VaultTokenSource';

const TOKEN_HEADER = 'x-vault-token';

/** Shorter texts are too common to be taken out of errors. */
const SHORTEST_SECRET = 4;

/**
 * HTTP to Vault with a token that is good: logs in, renews, and logs in once more if Vault no longer knows the token.
 *
 * @internal
 */
export class VaultHttp {
  readonly #http: UpstreamHttp;
  readonly #login: VaultLogin;
  readonly #tokens: VaultTokenSource;

  constructor(
    options: Omit<
      UpstreamHttpOptions,
      'system' | 'authorization' | 'parseError'
    > & {
      readonly auth: VaultAuth;
      /** Where the portal logs in; its token is good there and below. */
      readonly namespace?: string;
    },
  ) {
    const { auth, namespace, ...rest } = options;
    const common = { ...rest, system: 'vault' };
    this.#login = new VaultLogin({ ...common, auth, namespace });
    this.#tokens = new VaultTokenSource({
      login: this.#login,
      name: `vault (${options.instance})`,
      logger: options.logger,
    });
    this.#http = createUpstreamHttp({
      ...common,
      parseError: parseVaultError,
      authorization: async refused => ({
        [TOKEN_HEADER]: refused
          ? await this.#tokens.replace(refused[TOKEN_HEADER])
          : await this.#tokens.get(),
      }),
    });
  }

  get baseUrl(): string {
    return this.#http.baseUrl;
  }

  health() {
    return this.#http.health();
  }

  /** Without a token: also when nobody can log in. */
  async healthJson<S extends z.ZodType>(
    request: UpstreamRequest,
    schema: S,
  ): Promise<z.output<S>> {
    return this.#login.plainJson(request, schema);
  }

  async json<S extends z.ZodType>(
    request: UpstreamRequest,
    schema: S,
  ): Promise<z.output<S>> {
    return this.#withToken(request, () => this.#http.json(request, schema));
  }

  async findJson<S extends z.ZodType>(
    request: UpstreamRequest,
    schema: S,
  ): Promise<z.output<S> | undefined> {
    return this.#withToken(request, () => this.#http.findJson(request, schema));
  }

  async send(request: UpstreamRequest): Promise<void> {
    await this.#withToken(request, () => this.#http.send(request));
  }

  async close(): Promise<void> {
    this.#tokens.close();
    await Promise.all([this.#http.close(), this.#login.close()]);
  }

  /** Vault refuses a token that it does not know before it does anything, so that a write may be repeated as well. */
  async #withToken<T>(
    request: UpstreamRequest,
    call: () => Promise<T>,
  ): Promise<T> {
    try {
      const token = await this.#tokens.get();
      try {
        return await call();
      } catch (error) {
        if (vaultFailureOf(error)?.type !== 'token-refused') {
          throw error;
        }
        if ((await this.#tokens.replace(token)) === token) {
          throw error;
        }
        return await call();
      }
    } catch (error) {
      throw withoutSecrets(error, request);
    }
  }
}

/** Takes what was sent out of what Vault says about it. */
function withoutSecrets(error: unknown, request: UpstreamRequest): unknown {
  if (!(error instanceof UpstreamError)) {
    return error;
  }
  const reason = textsOf(request.body).reduce(
    (text, secret) => text.replaceAll(secret, '***'),
    error.reason,
  );
  return reason === error.reason
    ? error
    : new UpstreamError({
        system: error.system,
        instance: error.instance,
        operation: error.operation,
        code: error.code,
        reason,
        advice: error.advice,
        status: error.status,
        retryAfterSeconds: error.retryAfterSeconds,
        details: error.details,
      });
}

/** All texts and numbers in a body, the longest first. */
function textsOf(value: unknown): string[] {
  const texts: string[] = [];
  const walk = (item: unknown) => {
    if (typeof item === 'string' || typeof item === 'number') {
      texts.push(String(item));
    } else if (typeof item === 'object' && item !== null) {
      Object.values(item).forEach(walk);
    }
  };
  walk(value);
  return texts
    .filter(text => text.length >= SHORTEST_SECRET)
    .sort((left, right) => right.length - left.length);
}
