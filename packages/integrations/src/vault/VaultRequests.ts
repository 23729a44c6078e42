import type { UpstreamRequest } from '../core/UpstreamHttp';
import type { VaultHttp } from './VaultHttp';
import { vaultPath } from './vaultPath';

/** One call, with the parts of its path as they are. @internal */
export type VaultCall = Omit<UpstreamRequest, 'path'> & {
  readonly parts: readonly string[];
};

/**
 * Makes requests in one namespace of one Vault.
 *
 * @internal
 */
export abstract class VaultRequests {
  readonly instance: string;
  readonly namespace: string;
  protected readonly http: VaultHttp;

  constructor(options: {
    readonly instance: string;
    readonly namespace?: string;
    readonly http: VaultHttp;
  }) {
    this.instance = options.instance;
    this.namespace = (options.namespace ?? '').replace(/^\/+|\/+$/g, '');
    this.http = options.http;
  }

  protected request({
    parts,
    headers,
    ...request
  }: VaultCall): UpstreamRequest {
    return {
      ...request,
      path: vaultPath(...parts),
      headers: {
        ...headers,
        ...(this.namespace && { 'X-Vault-Namespace': this.namespace }),
      },
    };
  }
}
