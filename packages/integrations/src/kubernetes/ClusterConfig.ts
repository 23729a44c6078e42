import type { UpstreamTls } from '../core/HttpTransport';
import type { Impersonation } from './Client';

/**
 * One cluster in the configuration.
 *
 * @internal
 */
export interface ClusterConfig {
  readonly name: string;
  readonly title?: string;
  readonly url: string;
  readonly tls?: UpstreamTls;
  readonly authorization: (
    refused?: Readonly<Record<string, string>>,
  ) => Promise<Readonly<Record<string, string>>>;
  readonly mayImpersonate?: (identity: Impersonation) => boolean;
}
