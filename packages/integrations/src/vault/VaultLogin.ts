import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { createUpstreamHttp } from '../core/createUpstreamHttp';
import { UpstreamError } from '../core/UpstreamError';
import type { UpstreamHttp, UpstreamRequest } from '../core/UpstreamHttp';
import type { UpstreamHttpOptions } from '../core/UpstreamHttpOptions';
import { SecretScope } from './SecretScope';
import { authSchema, selfSchema } from './types';
import type { VaultAuth } from './VaultAuth';
import { vaultPath } from './vaultPath';

/** A token and how long it is good. @internal */
export interface VaultGrant {
  readonly token: string;
  /** 0 for one without an end. */
  readonly ttlSeconds: number;
  readonly renewable: boolean;
}

/**
 * Gets tokens from Vault and renews them.
 *
 * @remarks
 * With connections of its own: a login must not wait behind calls that wait for the login.
 *
 * @internal
 */
export class VaultLogin {
  readonly #auth: VaultAuth;
  readonly #http: UpstreamHttp;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #scope = new SecretScope();

  constructor(
    options: Omit<UpstreamHttpOptions, 'authorization' | 'parseError'> & {
      readonly auth: VaultAuth;
      readonly namespace?: string;
    },
  ) {
    const { auth, namespace, ...http } = options;
    this.#auth = auth;
    this.#headers = namespace ? { 'X-Vault-Namespace': namespace } : {};
    this.#http = createUpstreamHttp({
      ...http,
      parseError: this.#scope.parseError,
    });
  }

  /** @throws UpstreamError if Vault refuses, or a file cannot be read. */
  async logIn(): Promise<VaultGrant> {
    try {
      return await this.#logIn();
    } catch (error) {
      if (error instanceof UpstreamError) {
        throw error;
      }
      throw new UpstreamError({
        system: this.#http.system,
        instance: this.#http.instance,
        operation: 'log-in',
        code: 'unauthenticated',
        reason: `there are no credentials for it: ${(error as Error).message}`,
        advice: 'Check the instance’s `auth` in the configuration',
        cause: error,
      });
    }
  }

  async #logIn(): Promise<VaultGrant> {
    const auth = this.#auth;
    switch (auth.method) {
      case 'token':
        return this.#inspect(
          auth.token ?? (await readSecretFile(auth.tokenFile!)),
        );
      case 'kubernetes':
        return this.#send(auth.mount, {
          role: auth.role,
          jwt: await readSecretFile(auth.tokenFile),
        });
      case 'jwt':
        return this.#send(auth.mount, {
          role: auth.role,
          jwt: auth.jwt ?? (await readSecretFile(auth.tokenFile!)),
        });
      default:
        return this.#send(auth.mount, {
          role_id: auth.roleId,
          secret_id:
            auth.secretId ?? (await readSecretFile(auth.secretIdFile!)),
        });
    }
  }

  async renew(token: string): Promise<VaultGrant> {
    const { auth } = await this.#scope.run(token, () =>
      this.#http.json(
        {
          operation: 'renew-token',
          method: 'POST',
          path: '/v1/auth/token/renew-self',
          headers: { ...this.#headers, 'X-Vault-Token': token },
          body: {},
        },
        authSchema,
      ),
    );
    return {
      token,
      ttlSeconds: auth.lease_duration,
      renewable: auth.renewable,
    };
  }

  /** A call that needs no token. */
  async plainJson<S extends z.ZodType>(
    request: UpstreamRequest,
    schema: S,
  ): Promise<z.output<S>> {
    return this.#http.json(request, schema);
  }

  async close(): Promise<void> {
    await this.#http.close();
  }

  async #send(
    mount: string,
    body: Readonly<Record<string, string>>,
  ): Promise<VaultGrant> {
    const { auth } = await this.#scope.run(body, () =>
      this.#http.json(
        {
          operation: 'log-in',
          method: 'POST',
          path: vaultPath('auth', mount, 'login'),
          headers: this.#headers,
          body,
        },
        authSchema,
      ),
    );
    return {
      token: auth.client_token,
      ttlSeconds: auth.lease_duration,
      renewable: auth.renewable,
    };
  }

  /** A token that was given may be renewable all the same. */
  async #inspect(token: string): Promise<VaultGrant> {
    const { data } = await this.#scope.run(token, () =>
      this.#http.json(
        {
          operation: 'log-in',
          path: '/v1/auth/token/lookup-self',
          headers: { ...this.#headers, 'X-Vault-Token': token },
        },
        selfSchema,
      ),
    );
    return {
      token,
      ttlSeconds: data.ttl,
      renewable: data.renewable ?? false,
    };
  }
}

async function readSecretFile(path: string): Promise<string> {
  let text;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new Error(
      `cannot read '${path}' (${(error as NodeJS.ErrnoException).code})`,
    );
  }
  return text.trim();
}
