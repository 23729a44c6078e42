import { refusesCredentials } from '../core/refusesCredentials';
import { UpstreamError } from '../core/UpstreamError';
import type { Upstream } from '../core/UpstreamRegistry';
import type { VaultCallOptions, VaultClient } from './Client';
import { toWrapped } from './toSecret';
import * as schemas from './types';
import type {
  DatabaseCredentials,
  Lease,
  LeaseDetails,
  SecretRef,
  SecretsEngine,
  StaticDatabaseCredentials,
  UnwrappedAnswer,
  VaultHealth,
  VaultIdentity,
  WrappedAnswer,
} from './types';
import type { VaultCall } from './VaultRequests';
import { VaultSecrets } from './VaultSecrets';

/** Every state is a 200: the status of the health of Vault is meant for load balancers. */
const ALWAYS_OK = {
  standbyok: true,
  sealedcode: 200,
  standbycode: 200,
  uninitcode: 200,
  drsecondarycode: 200,
  performancestandbycode: 200,
};

/** @internal */
export class DefaultVaultClient extends VaultSecrets implements VaultClient {
  get upstream(): Upstream {
    return {
      system: 'vault',
      instance: this.instance,
      url: this.http.baseUrl,
      probe: async signal => {
        const { version, state } = await this.health({ signal });
        if (state === 'sealed' || state === 'uninitialized') {
          throw new UpstreamError({
            system: 'vault',
            instance: this.instance,
            operation: 'probe',
            code: 'unavailable',
            reason: `it is ${state}`,
            advice: 'Somebody has to unseal it',
          });
        }
        try {
          await this.identity({ signal });
          return { version, authenticated: true };
        } catch (error) {
          if (refusesCredentials(error)) {
            return { version, authenticated: false };
          }
          throw error;
        }
      },
      health: () => this.http.health(),
      caches: () => [],
    };
  }

  inNamespace(namespace: string): VaultClient {
    return new DefaultVaultClient({
      instance: this.instance,
      namespace: this.namespace ? `${this.namespace}/${namespace}` : namespace,
      http: this.http,
    });
  }

  async health({ signal }: VaultCallOptions = {}): Promise<VaultHealth> {
    const answer = await this.http.healthJson(
      {
        operation: 'get-health',
        path: '/v1/sys/health',
        query: ALWAYS_OK,
        signal,
      },
      schemas.healthSchema,
    );
    const { initialized, sealed, standby } = answer;
    let state: VaultHealth['state'] = standby ? 'standby' : 'active';
    if (sealed) {
      state = initialized ? 'sealed' : 'uninitialized';
    }
    return {
      state,
      version: answer.version,
      clusterName: answer.cluster_name,
    };
  }

  async identity({ signal }: VaultCallOptions = {}): Promise<VaultIdentity> {
    const { data } = await this.http.json(
      this.request({
        operation: 'look-up-token',
        parts: ['auth/token/lookup-self'],
        signal,
      }),
      schemas.selfSchema,
    );
    return {
      displayName: data.display_name,
      policies: data.policies ?? [],
      ttlSeconds: data.ttl,
      renewable: data.renewable ?? false,
    };
  }

  async capabilities(
    paths: readonly string[],
    { signal }: VaultCallOptions = {},
  ) {
    const { data } = await this.http.json(
      this.request({
        operation: 'check-capabilities',
        method: 'POST',
        idempotent: true,
        parts: ['sys/capabilities-self'],
        body: { paths },
        signal,
      }),
      schemas.capabilitiesSchema,
    );
    return Object.fromEntries(paths.map(path => [path, data[path] ?? []]));
  }

  async findEngine(
    path: string,
    { signal }: VaultCallOptions = {},
  ): Promise<SecretsEngine | undefined> {
    try {
      const { data } = await this.http.json(
        this.request({
          operation: 'find-engine',
          parts: ['sys/internal/ui/mounts', path],
          signal,
        }),
        schemas.mountSchema,
      );
      const version = data.options?.version === '2' ? 2 : 1;
      return {
        mount: data.path.replace(/\/$/, ''),
        type: data.type,
        version: data.type === 'kv' ? version : undefined,
      };
    } catch (error) {
      // Whether there is none or the portal may not know: the answer is the same.
      if (error instanceof UpstreamError && error.code === 'denied') {
        return undefined;
      }
      throw error;
    }
  }

  async wrapSecret(
    { mount, path }: SecretRef,
    { ttlSeconds, signal }: VaultCallOptions & { ttlSeconds: number },
  ): Promise<WrappedAnswer> {
    return this.#wrap(
      { operation: 'wrap-secret', parts: [mount, 'data', path], signal },
      ttlSeconds,
    );
  }

  async createDatabaseCredentials(
    { mount, role }: { mount: string; role: string },
    { signal }: VaultCallOptions = {},
  ): Promise<DatabaseCredentials> {
    const answer = await this.http.json(
      this.request({
        operation: 'create-database-credentials',
        // A read by name only: it makes an account each time.
        idempotent: false,
        parts: [mount, 'creds', role],
        signal,
      }),
      schemas.credentialsSchema,
    );
    return {
      username: answer.data.username,
      password: answer.data.password,
      lease: {
        id: answer.lease_id,
        durationSeconds: answer.lease_duration,
        renewable: answer.renewable,
      },
    };
  }

  async wrapDatabaseCredentials(
    { mount, role }: { mount: string; role: string },
    { ttlSeconds, signal }: VaultCallOptions & { ttlSeconds: number },
  ): Promise<WrappedAnswer> {
    return this.#wrap(
      {
        operation: 'wrap-database-credentials',
        idempotent: false,
        parts: [mount, 'creds', role],
        signal,
      },
      ttlSeconds,
    );
  }

  async readStaticDatabaseCredentials(
    { mount, role }: { mount: string; role: string },
    { signal }: VaultCallOptions = {},
  ): Promise<StaticDatabaseCredentials> {
    const { data } = await this.http.json(
      this.request({
        operation: 'read-static-database-credentials',
        parts: [mount, 'static-creds', role],
        signal,
      }),
      schemas.staticCredentialsSchema,
    );
    return {
      username: data.username,
      password: data.password,
      rotatedAt: data.last_vault_rotation,
      ttlSeconds: data.ttl,
    };
  }

  async findLease(
    id: string,
    { signal }: VaultCallOptions = {},
  ): Promise<LeaseDetails | undefined> {
    try {
      const { data } = await this.http.json(
        this.request({
          operation: 'look-up-lease',
          method: 'POST',
          idempotent: true,
          parts: ['sys/leases/lookup'],
          body: { lease_id: id },
          signal,
        }),
        schemas.leaseSchema,
      );
      return {
        id: data.id,
        issuedAt: data.issue_time,
        expiresAt: data.expire_time ?? undefined,
        renewedAt: data.last_renewal ?? undefined,
        ttlSeconds: data.ttl,
        renewable: data.renewable,
      };
    } catch (error) {
      if (error instanceof UpstreamError && error.status === 400) {
        return undefined;
      }
      throw error;
    }
  }

  async renewLease(
    id: string,
    options: VaultCallOptions & { incrementSeconds?: number } = {},
  ): Promise<Lease> {
    const { incrementSeconds, signal } = options;
    const answer = await this.http.json(
      this.request({
        operation: 'renew-lease',
        method: 'POST',
        parts: ['sys/leases/renew'],
        body: { lease_id: id, increment: incrementSeconds },
        signal,
      }),
      schemas.renewedSchema,
    );
    return {
      id: answer.lease_id,
      durationSeconds: answer.lease_duration,
      renewable: answer.renewable,
    };
  }

  async revokeLease(
    id: string,
    { signal }: VaultCallOptions = {},
  ): Promise<void> {
    await this.http.send(
      this.request({
        operation: 'revoke-lease',
        method: 'POST',
        parts: ['sys/leases/revoke'],
        body: { lease_id: id },
        signal,
      }),
    );
  }

  async wrap(
    data: Readonly<Record<string, unknown>>,
    { ttlSeconds, signal }: VaultCallOptions & { ttlSeconds: number },
  ): Promise<WrappedAnswer> {
    return this.#wrap(
      {
        operation: 'wrap',
        method: 'POST',
        parts: ['sys/wrapping/wrap'],
        body: data,
        signal,
      },
      ttlSeconds,
    );
  }

  async unwrap(
    token: string,
    { signal }: VaultCallOptions = {},
  ): Promise<UnwrappedAnswer> {
    const answer = await this.http.json(
      this.request({
        operation: 'unwrap',
        method: 'POST',
        parts: ['sys/wrapping/unwrap'],
        body: { token },
        signal,
      }),
      schemas.unwrappedSchema,
    );
    return {
      data: answer.data ?? {},
      lease: answer.lease_id
        ? {
            id: answer.lease_id,
            durationSeconds: answer.lease_duration ?? 0,
            renewable: answer.renewable ?? false,
          }
        : undefined,
    };
  }

  async findWrapping(token: string, { signal }: VaultCallOptions = {}) {
    try {
      const { data } = await this.http.json(
        this.request({
          operation: 'look-up-wrapping',
          method: 'POST',
          idempotent: true,
          parts: ['sys/wrapping/lookup'],
          body: { token },
          signal,
        }),
        schemas.wrappingSchema,
      );
      return {
        ttlSeconds: data.creation_ttl,
        createdAt: data.creation_time,
        path: data.creation_path,
      };
    } catch (error) {
      if (error instanceof UpstreamError && error.status === 400) {
        return undefined;
      }
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.http.close();
  }

  async #wrap(call: VaultCall, ttlSeconds: number): Promise<WrappedAnswer> {
    const { wrap_info: info } = await this.http.json(
      this.request({
        ...call,
        headers: { ...call.headers, 'X-Vault-Wrap-TTL': String(ttlSeconds) },
      }),
      schemas.wrappedSchema,
    );
    return toWrapped(info);
  }
}
