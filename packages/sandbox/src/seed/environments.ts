/**
 * One step on the way of a change to the customers.
 *
 * @public
 */
export interface SeedEnvironment {
  readonly name: 'development' | 'staging' | 'production';
  /** The cluster of the sandbox that it is on. */
  readonly cluster: 'nonprod' | 'prod';
  /** Whether Argo CD syncs without being asked. */
  readonly automated: boolean;
  /** How many versions it is behind development. */
  readonly behind: number;
}

/**
 * The environments of the example organisation, in order, as `waystone.environments` has them.
 *
 * @public
 */
export const ENVIRONMENTS: readonly SeedEnvironment[] = [
  { name: 'development', cluster: 'nonprod', automated: true, behind: 0 },
  { name: 'staging', cluster: 'nonprod', automated: true, behind: 1 },
  { name: 'production', cluster: 'prod', automated: false, behind: 2 },
];

/** The clusters of the sandbox. */
export const CLUSTERS = ['prod', 'nonprod'] as const;

/** The cluster in which Argo CD runs. */
export const ARGOCD_CLUSTER = 'prod';

/** The namespace of a system in an environment. */
export function namespaceOf(system: string, environment: string): string {
  return `${system}-${environment}`;
}
