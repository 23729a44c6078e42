import type { z } from 'zod';
import { createUpstreamHttp } from '../core/createUpstreamHttp';
import type { UpstreamHttp, UpstreamRequest } from '../core/UpstreamHttp';
import type { UpstreamHttpOptions } from '../core/UpstreamHttpOptions';
import { vaultFailureOf } from './errors';
import { SecretScope } from './SecretScope';
import { VaultLogin } from './VaultLogin';
import type { VaultAuth } from './VaultAuth';
import { VaultTokenSource } from './VaultTokenSource';

const TOKEN_HEADER = 'x-vault-token';

/**
 * HTTP to Vault with a token that is good: logs in, renews, and logs in once more if Vault no longer knows the token.
 *
 * @internal
 */
export class VaultHttp {
  readonly #http: UpstreamHttp;
  readonly #login: VaultLogin;
  readonly #tokens: VaultTokenSource;
  readonly #scope = new SecretScope();

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
      parseError: this.#scope.parseError,
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
    const token = await this.#tokens.get();
    const send = () => this.#scope.run(request.body, call);
    try {
      return await send();
    } catch (error) {
      if (
        vaultFailureOf(error)?.type !== 'token-refused' ||
        (await this.#tokens.replace(token)) === token
      ) {
        throw error;
      }
      return send();
    }
  }
}
