/**
 * Any Kubernetes object.
 *
 * @public
 */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: KubernetesMetadata;
  // Spec, status, data: what a kind has is its own business.
  readonly [field: string]: any;
}

/**
 * What of an object's metadata the sandbox's parts read and write.
 *
 * @public
 */
export interface KubernetesMetadata {
  readonly name?: string;
  readonly generateName?: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  /** Until when a pod's containers may take to stop. */
  readonly deletionGracePeriodSeconds?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  readonly ownerReferences?: readonly OwnerReference[];
  readonly managedFields?: readonly unknown[];
}

/** @public */
export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

/** A kind in one version, such as `apps/v1` `Deployment`. @public */
export interface TypeRef {
  readonly apiVersion: string;
  readonly kind: string;
}

/** One object's address. @public */
export interface ObjectRef extends TypeRef {
  readonly namespace?: string;
  readonly name: string;
}

/** @public */
export interface ClusterEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: KubernetesObject;
  /** What it was before, for MODIFIED. */
  readonly previous?: KubernetesObject;
}

/** Who asks. Without it a write is the cluster's own and no RBAC rule applies. @public */
export interface ClusterUser {
  readonly name: string;
  readonly groups: readonly string[];
  readonly uid?: string;
}

/** @public */
export interface WriteOptions {
  readonly user?: ClusterUser;
  readonly fieldManager?: string;
  /** Validates, defaults and admits, and stores nothing. */
  readonly dryRun?: boolean;
}

/**
 * One write as admission sees it, after defaulting and schema validation.
 *
 * @public
 */
export interface AdmissionRequest {
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE';
  readonly object?: KubernetesObject;
  readonly oldObject?: KubernetesObject;
  readonly subresource?: string;
  readonly user?: ClusterUser;
  readonly dryRun: boolean;
}

/**
 * Looks at every write before it is stored. Returns warnings for the client's `Warning` headers, if any;
 * throws {@link StatusError} to deny.
 *
 * @public
 */
export type AdmissionPlugin = (
  request: AdmissionRequest,
) => readonly string[] | void;

/** Lines that a container has written. @public */
export type PodLogSource = (
  pod: KubernetesObject,
  options: { readonly container: string; readonly previous: boolean },
) => readonly { readonly time: Date; readonly line: string }[];

/**
 * One Kubernetes cluster of the sandbox, as the controllers and the other parts of the sandbox use it in
 * process. Clients outside get the same objects over HTTP.
 *
 * @remarks
 * Every call takes effect at once. Objects that are returned are shared and frozen: copy before changing.
 * Failures are {@link StatusError}, with the codes and reasons of the real API server.
 *
 * @public
 */
export interface KubernetesCluster {
  /** Such as `nonprod`. */
  readonly name: string;
  get(ref: ObjectRef): KubernetesObject | undefined;
  /** @param selector - `labelSelector` and `fieldSelector` in the API's syntax. */
  list(
    type: TypeRef,
    selector?: {
      readonly namespace?: string;
      readonly labelSelector?: string;
      readonly fieldSelector?: string;
    },
  ): readonly KubernetesObject[];
  create(object: KubernetesObject, options?: WriteOptions): KubernetesObject;
  /** Replaces. With a `metadata.resourceVersion` that is not the stored one it fails with 409. */
  update(
    object: KubernetesObject,
    options?: WriteOptions & { readonly subresource?: 'status' | 'scale' },
  ): KubernetesObject;
  /** JSON merge patch. A change that changes nothing stores nothing and causes no event. */
  patch(
    ref: ObjectRef,
    mergePatch: object,
    options?: WriteOptions & { readonly subresource?: 'status' | 'scale' },
  ): KubernetesObject;
  /** Server-side apply: creates what is missing. */
  apply(
    object: KubernetesObject,
    options: WriteOptions & {
      readonly fieldManager: string;
      readonly force?: boolean;
    },
  ): KubernetesObject;
  /**
   * Objects with finalizers get a `deletionTimestamp`, and so do pods on a node, which deletes them with a grace
   * period of 0 once their containers have stopped; the rest is gone at once. Not there is not an error.
   */
  delete(
    ref: ObjectRef,
    options?: WriteOptions & {
      readonly propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
      readonly gracePeriodSeconds?: number;
    },
  ): void;
  /**
   * Tells of every object of the type (of all types without one) as ADDED, then of each change, in order,
   * each in a microtask after the write.
   *
   * @returns A function that ends the watch.
   */
  watch(
    type: TypeRef | undefined,
    listener: (event: ClusterEvent) => void,
  ): () => void;
  /** Whether the kind is served: built in, or by an established CustomResourceDefinition. */
  serves(type: TypeRef): boolean;
  /** Adds to what is asked before each write, after what is there. */
  addAdmissionPlugin(plugin: AdmissionPlugin): void;
  /** Where `kubectl logs` and the logs endpoint get their lines. */
  setPodLogSource(source: PodLogSource): void;
  /** Records an Event about an object; the same again within minutes raises its count. */
  recordEvent(event: {
    readonly regarding: KubernetesObject;
    readonly type: 'Normal' | 'Warning';
    readonly reason: string;
    readonly message: string;
    /** Such as `deployment-controller`. */
    readonly component: string;
  }): void;
}
