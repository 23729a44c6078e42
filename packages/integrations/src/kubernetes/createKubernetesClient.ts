import type { LoggerService } from '@backstage/backend-plugin-api';
import { createUpstreamHttp } from '../core/createUpstreamHttp';
import type { UpstreamHttpOptions } from '../core/UpstreamHttpOptions';
import type { Impersonation, KubernetesClient } from './Client';
import { DefaultKubernetesClient } from './DefaultKubernetesClient';
import { parseKubernetesError } from './errors';

/**
 * Options of {@link createKubernetesClient}.
 *
 * @public
 */
export interface CreateKubernetesClientOptions
  extends Omit<UpstreamHttpOptions, 'system' | 'instance' | 'parseError'> {
  /** The name of the cluster. */
  readonly cluster: string;
  readonly title?: string;
  readonly logger?: LoggerService;
  /** Whom the portal may act for. @defaultValue nobody */
  readonly mayImpersonate?: (identity: Impersonation) => boolean;
}

/**
 * Creates the client of one cluster. Make one per cluster and keep it.
 *
 * @public
 */
export function createKubernetesClient(
  options: CreateKubernetesClientOptions,
): KubernetesClient {
  const { cluster, ...rest } = options;
  return DefaultKubernetesClient.create({
    ...options,
    http: createUpstreamHttp({
      ...rest,
      system: 'kubernetes',
      instance: cluster,
      parseError: parseKubernetesError,
    }),
  });
}
