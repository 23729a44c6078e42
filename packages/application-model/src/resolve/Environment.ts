/**
 * An environment to compile for. The entries of `waystone.environments` fit.
 *
 * @public
 */
export interface TargetEnvironment {
  readonly name: string;
  /** Name of the cluster, as Argo CD knows it. */
  readonly cluster: string;
  /** Pattern of the namespaces, such as `{system}-{environment}`. */
  readonly namespace: string;
  readonly promotion: 'auto' | 'manual' | 'gated';
  /** Whether customers depend on it. */
  readonly protected: boolean;
}

/** The namespace of a system. */
export function namespaceOf(
  environment: TargetEnvironment,
  system: string,
): string {
  return environment.namespace
    .replaceAll('{system}', system)
    .replaceAll('{environment}', environment.name);
}
