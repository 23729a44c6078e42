import type {
  Health,
  Initiator,
  Operation,
  Sync,
} from '@waystone/plugin-delivery-common';

/**
 * A version that got somewhere, or was meant to, as far as a source remembers.
 *
 * @public
 */
export interface PastDeployment {
  /** ISO 8601. With the deployment it identifies the entry. */
  readonly startedAt: string;
  readonly finishedAt?: string;
  readonly outcome: 'running' | 'succeeded' | 'failed';
  readonly revision?: string;
  /** Known for the present one only, usually. */
  readonly images?: readonly string[];
  readonly message?: string;
  readonly initiator?: Initiator;
}

/**
 * One deployment as its source knows it, before it is joined to the catalog and to the environments.
 *
 * @public
 */
export interface ObservedDeployment {
  /** Unique in the source. */
  readonly id: string;
  readonly name: string;
  /** Of whatever stands for it at the source: entities are found by them. */
  readonly labels: Readonly<Record<string, string>>;
  /** The name of the cluster, as the source has it. */
  readonly cluster?: string;
  /** The address of its API, where the source has no name. */
  readonly clusterUrl?: string;
  readonly namespace?: string;
  /** The source's page of it. */
  readonly url?: string;
  readonly sync: Sync;
  /** Whether nothing says what it is meant to be, so that it is well when it works. */
  readonly unmanaged?: boolean;
  readonly health: Health;
  readonly healthSince?: string;
  /** What is wrong, in a sentence. */
  readonly reason?: string;
  /** Whether it does not work, whatever the health says: it could not be rendered, or the last change was refused. */
  readonly failed: boolean;
  readonly images: readonly string[];
  readonly revision?: string;
  /** Where the source of truth is; without credentials. */
  readonly repository?: string;
  /** How many objects differ from Git. */
  readonly drifted: number;
  readonly operation?: Operation;
  /** Oldest first. */
  readonly past: readonly PastDeployment[];
}
