import type {
  Commit,
  DriftedObject,
  Freshness,
} from '@waystone/plugin-delivery-common';
import type { Inspection } from './Inspection';
import type { ObservedDeployment } from './ObservedDeployment';

/**
 * Something that knows what runs.
 *
 * @public
 */
export interface DeliverySource {
  /** Unique, such as `argocd/main`. */
  readonly name: string;
  /** How current all of it is. */
  readonly freshness: Freshness;
  /** Resolves when everything has been read once; rejects when the signal aborts. */
  whenSynced(signal: AbortSignal): Promise<void>;
  /** What it knows now, from memory. */
  list(): Iterable<ObservedDeployment>;
  /**
   * Tells of every change after it was made: the id of what was added, changed or removed, or nothing if only the
   * freshness did.
   *
   * @returns A function that ends it.
   */
  subscribe(listener: (id: string | undefined) => void): () => void;
  /** One deployment by its id. */
  get(id: string): ObservedDeployment | undefined;
  /**
   * How the objects differ from what they are meant to be. Asks the system.
   *
   * @remarks
   * Values that may be secret are masked by the source already.
   *
   * @throws NotFoundError if there is no such deployment.
   */
  drift(
    id: string,
    options: { readonly signal: AbortSignal },
  ): Promise<readonly DriftedObject[]>;
  /**
   * The objects that run for a deployment, and what went wrong. Asks the system.
   *
   * @throws NotFoundError if there is no such deployment.
   */
  inspect?(
    id: string,
    options: { readonly signal: AbortSignal },
  ): Promise<Inspection>;
  /**
   * The images that a commit of the repository that a deployment comes from asks for. Asks the system; kept for good
   * by who asks.
   */
  images?(
    id: string,
    revision: string,
    options: { readonly signal: AbortSignal },
  ): Promise<readonly string[]>;
  /**
   * Who made a commit of the repository that a deployment comes from, and why. Asks the system; held for good by who
   * asks, as a commit never changes.
   *
   * @returns undefined if the source has no commits
   */
  commit?(
    id: string,
    revision: string,
    options: { readonly signal: AbortSignal },
  ): Promise<Commit | undefined>;
}
