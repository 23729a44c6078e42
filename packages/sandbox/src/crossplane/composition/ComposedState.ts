import type { KubernetesObject } from '../../kubernetes/KubernetesCluster';

/** An object that a composite resource wants. */
export interface DesiredResource {
  readonly object: any;
  /** What a function says; otherwise a later one may. */
  ready?: boolean;
}

/**
 * What passes through the steps of a pipeline, as in Crossplane's RunFunctionRequest and -Response.
 *
 * @internal
 */
export interface PipelineState {
  /** The composite resource as it is. */
  readonly composite: KubernetesObject;
  /** The composed resources as they are, by their name in the composition. */
  readonly observed: ReadonlyMap<string, KubernetesObject>;
  /** What the composite's status is to have. */
  status: Record<string, unknown>;
  /** What is to be there, by its name in the composition. */
  readonly desired: Map<string, DesiredResource>;
  /** Whether the composite is ready, if a function decides that. */
  compositeReady?: boolean;
  readonly results: {
    readonly severity: 'Normal' | 'Warning';
    readonly message: string;
  }[];
}
