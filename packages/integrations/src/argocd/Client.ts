import type { Upstream } from '../core/UpstreamRegistry';
import type {
  ArgoCdApplication,
  ArgoCdHistoryEntry,
  ArgoCdManagedResource,
  ArgoCdResourceTree,
  ArgoCdRevisionMetadata,
  ArgoCdSyncWindows,
} from './types';

/**
 * Which Application. The project is part of it: with it Argo CD tells apart what is missing and what is denied.
 *
 * @public
 */
export interface ArgoCdApplicationRef {
  readonly name: string;
  readonly project: string;
  /** Where the Application object is, if not in Argo CD's own namespace. */
  readonly namespace?: string;
}

/** @public */
export interface ArgoCdCallOptions {
  readonly signal?: AbortSignal;
}

/** Which Applications, all of them without it. @public */
export interface ArgoCdFilter {
  readonly projects?: readonly string[];
  /** A Kubernetes label selector. */
  readonly selector?: string;
  /** The URL of a repository. */
  readonly repository?: string;
  /** Where the Application objects are, if not in Argo CD's own namespace. */
  readonly namespace?: string;
}

/** @public */
export interface ArgoCdSyncOptions extends ArgoCdCallOptions {
  /** A commit, branch or tag. @defaultValue what the Application says */
  readonly revision?: string;
  readonly prune?: boolean;
  /** Says what would happen and changes nothing. */
  readonly dryRun?: boolean;
  /** Deletes and creates what cannot be changed. */
  readonly force?: boolean;
  /** Only these objects. Hooks are not run then. */
  readonly resources?: readonly {
    readonly group?: string;
    readonly kind: string;
    readonly name: string;
    readonly namespace?: string;
  }[];
  /** Such as `CreateNamespace=true`. @defaultValue those of the Application */
  readonly syncOptions?: readonly string[];
}

/** A change of an Application. @public */
export interface ArgoCdApplicationEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly application: ArgoCdApplication;
}

/**
 * One instance of Argo CD.
 *
 * @remarks
 * Failures are `UpstreamError`; what Argo CD said of one is in `argoCdFailureOf`.
 *
 * @see https://argo-cd.readthedocs.io/en/stable/developer-guide/api-docs/
 *
 * @public
 */
export interface ArgoCdClient {
  /** The name in the configuration. */
  readonly instance: string;
  readonly upstream: Upstream;
  /** The address of an Application's page, for people. */
  pageOf(application: ArgoCdApplicationRef): string;
  /** The version, such as `v3.5.1`. */
  version(options?: ArgoCdCallOptions): Promise<string | undefined>;
  /**
   * All Applications that fit, at once: Argo CD has no pages.
   *
   * @param options - `fields` are paths into the answer such as `items.metadata.name`. Argo CD knows a fixed table of
   * them and leaves out the rest without a word: neither conditions nor history nor the message of an operation.
   */
  listApplications(
    options?: ArgoCdCallOptions &
      ArgoCdFilter & { readonly fields?: readonly string[] },
  ): Promise<ArgoCdApplication[]>;
  /**
   * First every Application that fits as ADDED, then every change, until the signal aborts or the connection ends.
   *
   * @remarks
   * Argo CD may miss changes between the first part and the second: compare with a list, as the cache does.
   *
   * @param options - `fields` are paths such as `result.application.metadata`; include `result.type`. `onAlive` is
   * called for every sign of life
   */
  streamApplications(
    options?: ArgoCdCallOptions &
      ArgoCdFilter & {
        readonly fields?: readonly string[];
        readonly onAlive?: () => void;
      },
  ): AsyncIterable<ArgoCdApplicationEvent>;
  /** @param options - `refresh` waits until Argo CD has compared anew; `hard` renders anew too */
  getApplication(
    application: ArgoCdApplicationRef,
    options?: ArgoCdCallOptions & { readonly refresh?: 'normal' | 'hard' },
  ): Promise<ArgoCdApplication>;
  /** Undefined if it does not exist or is in another project. */
  findApplication(
    application: ArgoCdApplicationRef,
    options?: ArgoCdCallOptions,
  ): Promise<ArgoCdApplication | undefined>;
  /** The objects that run, with their owners. */
  resourceTree(
    application: ArgoCdApplicationRef,
    options?: ArgoCdCallOptions,
  ): Promise<ArgoCdResourceTree>;
  /** What differs between Git and the cluster, object by object. Values of Secrets are hidden by Argo CD. */
  managedResources(
    application: ArgoCdApplicationRef,
    options?: ArgoCdCallOptions,
  ): Promise<ArgoCdManagedResource[]>;
  /** The objects that Git makes of it. */
  manifests(
    application: ArgoCdApplicationRef,
    options?: ArgoCdCallOptions & { readonly revision?: string },
  ): Promise<readonly unknown[]>;
  /** The deployments that can be rolled back to, oldest first. At most ten by default. */
  history(
    application: ArgoCdApplicationRef,
    options?: ArgoCdCallOptions,
  ): Promise<readonly ArgoCdHistoryEntry[]>;
  /** Who made a commit, when and why. */
  revisionMetadata(
    application: ArgoCdApplicationRef,
    revision: string,
    options?: ArgoCdCallOptions,
  ): Promise<ArgoCdRevisionMetadata>;
  /** Whether a sync by hand would be let through now. */
  syncWindows(
    application: ArgoCdApplicationRef,
    options?: ArgoCdCallOptions,
  ): Promise<ArgoCdSyncWindows>;
  /** Asks for a sync. It runs on its own: follow `status.operationState`. */
  sync(
    application: ArgoCdApplicationRef,
    options?: ArgoCdSyncOptions,
  ): Promise<ArgoCdApplication>;
  /**
   * Asks for a sync to a deployment of the history. The Application is out of sync afterwards: Git does not change.
   *
   * @param id - of the history entry
   */
  rollback(
    application: ArgoCdApplicationRef,
    id: number,
    options?: ArgoCdCallOptions & {
      readonly prune?: boolean;
      readonly dryRun?: boolean;
    },
  ): Promise<ArgoCdApplication>;
  /** Stops the operation that runs. */
  terminate(
    application: ArgoCdApplicationRef,
    options?: ArgoCdCallOptions,
  ): Promise<void>;
  /** Closes the connections. */
  close(): Promise<void>;
}
