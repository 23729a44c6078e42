import type { Environment, Environments } from '@waystone/environments';
import type { ObservedDeployment } from '@waystone/plugin-delivery-node';

/** The label by which a deployment may name its environment. */
const LABEL = 'environment';

/** What {@link findEnvironment} knows besides the deployment. */
export interface Places {
  readonly environments: Environments;
  /** The name of the cluster whose API has an address; undefined if the portal does not know it. */
  readonly clusterAt: (url: string) => string | undefined;
}

/** Where a deployment runs. */
export interface Place {
  readonly environment?: Environment;
  readonly cluster?: string;
}

/**
 * Finds the environment that a deployment is in: by its cluster and namespace, or by its label `environment`.
 *
 * @remarks
 * The place says it with certainty; a label may be a leftover of a copy.
 */
export function findEnvironment(
  observed: ObservedDeployment,
  { environments, clusterAt }: Places,
): Place {
  const cluster =
    observed.cluster ??
    (observed.clusterUrl ? clusterAt(observed.clusterUrl) : undefined);
  const found =
    cluster && observed.namespace
      ? environments.find(cluster, observed.namespace)
      : undefined;
  return {
    cluster,
    environment:
      found?.environment ?? environments.get(observed.labels[LABEL] ?? ''),
  };
}
