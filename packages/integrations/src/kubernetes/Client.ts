import type { z } from 'zod';
import type { Upstream } from '../core/UpstreamRegistry';
import type {
  AccessDecision,
  AccessUser,
  ResourceAttributes,
} from './AccessReviews';
import type {
  KindRef,
  KubernetesEvent,
  KubernetesManifest,
  KubernetesObject,
  ObjectRef,
  ResourceKind,
} from './types';
import type { WatchedCache, WatchedCacheOptions } from './WatchedCache';

/** @public */
export interface ReadOptions {
  readonly signal?: AbortSignal;
}

/** @public */
export interface GetOptions<T> extends ReadOptions {
  /** What the reader needs of the object. @defaultValue any object */
  readonly schema?: z.ZodType<T>;
}

/** @public */
export interface ListOptions extends ReadOptions {
  /** @defaultValue all of them */
  readonly namespace?: string;
  /** As in `app=shop,tier!=cache`. */
  readonly labelSelector?: string;
  /** As in `status.phase=Running`; the cluster supports few fields. */
  readonly fieldSelector?: string;
  /** Objects per call. @defaultValue 500 */
  readonly pageSize?: number;
  /** Only `metadata` is read, which is much less. */
  readonly metadataOnly?: boolean;
}

/** @public */
export interface ObjectList {
  readonly items: readonly KubernetesObject[];
  /** Where a watch goes on. */
  readonly resourceVersion: string;
  readonly warnings: readonly string[];
}

/** @public */
export interface WriteOptions extends ReadOptions {
  /** Validates, defaults and admits, and stores nothing. */
  readonly dryRun?: boolean;
  /**
   * Who owns the fields that are written.
   *
   * @defaultValue `waystone`
   */
  readonly fieldManager?: string;
  /** What happens to unknown fields. @defaultValue `Strict` for apply, create and replace */
  readonly fieldValidation?: 'Strict' | 'Warn' | 'Ignore';
  readonly subresource?: 'status' | 'scale';
}

/** @public */
export interface ApplyOptions extends WriteOptions {
  /** Takes fields over that others own, rather than fail with their names. */
  readonly force?: boolean;
}

/** @public */
export interface WriteResult {
  readonly object: KubernetesObject;
  /** What the cluster and its policies warn of. */
  readonly warnings: readonly string[];
}

/**
 * A patch in one of the API's forms. Strategic patches are for built-in kinds only.
 *
 * @public
 */
export type KubernetesPatch =
  | { readonly type: 'merge' | 'strategic'; readonly patch: object }
  | { readonly type: 'json'; readonly patch: readonly object[] };

/** @public */
export interface DeleteOptions extends ReadOptions {
  readonly dryRun?: boolean;
  /** @defaultValue `Background` */
  readonly propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
  readonly gracePeriodSeconds?: number;
  /** Deletes only what is still this. */
  readonly preconditions?: {
    readonly uid?: string;
    readonly resourceVersion?: string;
  };
}

/** @public */
export interface PodLogOptions extends ReadOptions {
  readonly namespace: string;
  readonly pod: string;
  /** Needed where the pod has several. */
  readonly container?: string;
  /** @defaultValue 500 */
  readonly tailLines?: number;
  readonly sinceSeconds?: number;
  /** Of the container before the last restart. */
  readonly previous?: boolean;
  /** Each line begins with its time, in RFC 3339. */
  readonly timestamps?: boolean;
  /** @defaultValue 5 MB */
  readonly limitBytes?: number;
}

/** @public */
export interface EventOptions extends ReadOptions {
  readonly namespace?: string;
  /** Of one object only. */
  readonly regarding?: {
    readonly kind?: string;
    readonly name?: string;
    readonly uid?: string;
  };
  /** @defaultValue 100, the newest */
  readonly limit?: number;
}

/**
 * Somebody in whose name the portal acts.
 *
 * @public
 */
export interface Impersonation {
  readonly user: string;
  readonly groups?: readonly string[];
  readonly uid?: string;
}

/**
 * One Kubernetes cluster. Failures are {@link UpstreamError}; `kubernetesFailureOf` says more of them.
 *
 * @public
 */
export interface KubernetesClient {
  /** The name in the configuration. */
  readonly cluster: string;
  /** For people. */
  readonly title: string;
  readonly url: string;
  /** Such as `v1.34.1`. */
  version(options?: ReadOptions): Promise<string>;
  /** The kind as this cluster serves it. */
  resolveKind(kind: KindRef, options?: ReadOptions): Promise<ResourceKind>;
  /** All kinds in one version of a group; none if the group is not there. */
  listKinds(
    apiVersion: string,
    options?: ReadOptions,
  ): Promise<readonly ResourceKind[]>;
  get<T = KubernetesObject>(
    ref: ObjectRef,
    options?: GetOptions<T>,
  ): Promise<T>;
  /** Like {@link KubernetesClient.get}, but undefined if the object or its kind is not there. */
  find<T = KubernetesObject>(
    ref: ObjectRef,
    options?: GetOptions<T>,
  ): Promise<T | undefined>;
  /** All pages as one list. Where objects come and go, prefer a {@link KubernetesClient.cache}. */
  list(kind: KindRef, options?: ListOptions): Promise<ObjectList>;
  /**
   * Page by page, with little in memory.
   *
   * @throws UpstreamError `expired` if the pages took too long and the rest is gone: start again. `list` does.
   */
  pages(kind: KindRef, options?: ListOptions): AsyncIterable<ObjectList>;
  create(
    manifest: KubernetesManifest,
    options?: WriteOptions,
  ): Promise<WriteResult>;
  /** Replaces the whole object; with a `metadata.resourceVersion` only if it is still that one. */
  replace(
    manifest: KubernetesManifest,
    options?: WriteOptions,
  ): Promise<WriteResult>;
  /** Server-side apply: creates it, or changes the fields in it and nothing else. May be repeated. */
  apply(
    manifest: KubernetesManifest,
    options?: ApplyOptions,
  ): Promise<WriteResult>;
  patch(
    ref: ObjectRef,
    patch: KubernetesPatch,
    options?: WriteOptions,
  ): Promise<WriteResult>;
  /** Not there is not an error. An object with finalizers is still there for a while. */
  delete(
    ref: ObjectRef,
    options?: DeleteOptions,
  ): Promise<{ readonly found: boolean; readonly warnings: readonly string[] }>;
  /**
   * Whether the portal itself, or the user of {@link KubernetesClient.impersonate}, may do something. Remembered for up
   * to 30 s. If it cannot be found out, the answer is no.
   */
  canI(
    attributes: ResourceAttributes,
    options?: ReadOptions,
  ): Promise<AccessDecision>;
  /** Whether somebody else may, with the same rules. */
  canUser(
    user: AccessUser,
    attributes: ResourceAttributes,
    options?: ReadOptions,
  ): Promise<AccessDecision>;
  /** The last lines of a container's log. */
  logs(options: PodLogOptions): Promise<readonly string[]>;
  /** The last lines and those that follow, until the container ends or the loop is left. */
  followLogs(options: PodLogOptions): AsyncIterable<string>;
  /** The newest first. */
  events(options?: EventOptions): Promise<readonly KubernetesEvent[]>;
  /**
   * The objects of a kind, held in memory and kept up to date by one watch. Who asks for the same gets the same; each
   * must call `release` in the end.
   */
  cache<T = KubernetesObject>(options: WatchedCacheOptions<T>): WatchedCache<T>;
  /**
   * The same cluster in somebody's name.
   *
   * @throws NotAllowedError if the configuration of the cluster does not allow to act for them.
   */
  impersonate(identity: Impersonation): KubernetesClient;
  readonly upstream: Upstream;
  /** Ends all watches and closes the connections. */
  close(): Promise<void>;
}
