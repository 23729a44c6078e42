import type {
  Health,
  ObjectName,
  Sync,
} from '@waystone/plugin-delivery-common';

/**
 * Something that a source could not do.
 *
 * @public
 */
export interface DeliveryProblem {
  /**
   * - `specification`: what is to be deployed is not said rightly
   * - `render`: the manifests could not be made
   * - `apply`: the cluster refused them
   * - `hook`: what runs before or after a change failed
   */
  readonly stage: 'specification' | 'render' | 'apply' | 'hook';
  /** In the source's words. */
  readonly message: string;
  /** What it failed on. */
  readonly object?: ObjectName;
  /** ISO 8601. */
  readonly at?: string;
}

/**
 * An object that a source knows to belong to a deployment.
 *
 * @public
 */
export interface InspectedObject extends ObjectName {
  /** Unique within the inspection: the UID, where there is one. */
  readonly id: string;
  /** The id of what it came from. */
  readonly parent?: string;
  readonly health?: Health;
  readonly message?: string;
  readonly sync?: Sync;
  readonly createdAt?: string;
}

/**
 * What a source says of a deployment when it is asked for more.
 *
 * @public
 */
export interface Inspection {
  /** The worst first. */
  readonly problems: readonly DeliveryProblem[];
  /** Parents before their children. */
  readonly objects: readonly InspectedObject[];
}
