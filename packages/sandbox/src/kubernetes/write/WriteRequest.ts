import type { ClusterUser, KubernetesObject } from '../KubernetesCluster';

/**
 * What is asked for with a write, besides the object.
 *
 * @internal
 */
export interface WriteRequest {
  readonly user?: ClusterUser;
  /** Who is said to manage what is changed. */
  readonly fieldManager?: string;
  readonly dryRun?: boolean;
  readonly fieldValidation?: 'Ignore' | 'Warn' | 'Strict';
  readonly subresource?: string;
  /** For apply: takes fields from other managers. */
  readonly force?: boolean;
  /** Is told what the client should be warned of. */
  readonly onWarning?: (warning: string) => void;
}

/** What is asked for with a deletion. @internal */
export interface DeleteRequest extends WriteRequest {
  /** Of a pod; its own if not given. */
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
  readonly preconditions?: {
    readonly uid?: string;
    readonly resourceVersion?: string;
  };
}

/** What an apply did. @internal */
export interface ApplyResult {
  readonly object: KubernetesObject;
  readonly created: boolean;
}
