import type {
  AdmissionPlugin,
  AdmissionRequest,
  KubernetesObject,
} from '../KubernetesCluster';
import { equalJson, omit } from '../patch/jsonValues';
import { applyFields, trackUpdate } from '../patch/managedFields';
import { fromStorage, toStorage } from '../resources/convertVersion';
import { formatApiVersion } from '../resources/ResourceType';
import type { ResourceType } from '../resources/ResourceType';
import { decodeObject, strictDecodingError } from '../schema/decodeObject';
import { findSchema } from '../schema/SchemaCatalog';
import { StatusError } from '../StatusError';
import type { ObjectStore } from '../store/ObjectStore';
import {
  checkIdentity,
  checkNamespace,
  undeclaredFields,
} from './checkIdentity';
import { gracePeriodOf } from './gracePeriodOf';
import type { ObjectRules } from './ObjectRules';
import {
  formatTime,
  metadataForCreate,
  metadataForUpdate,
  withGeneration,
} from './prepareMetadata';
import {
  checkPreconditions,
  finalizersAfterDelete,
  isFinished,
  withDeletion,
} from './deletion';
import { isUnchanged } from './isUnchanged';
import { limitToSubresource } from './limitToSubresource';
import { keyOf, objectKey } from './objectKeys';
import { alreadyExists, invalid, notFound } from './statusErrors';
import type { ApplyResult, DeleteRequest, WriteRequest } from './WriteRequest';

/** Whom writes of the cluster itself are counted for. */
const OWN_MANAGER = 'kube-controller-manager';

/**
 * Writes objects by the rules of the API server: decodes, defaults, validates, admits, stores.
 *
 * @internal
 */
export class ObjectWriter {
  readonly #store: ObjectStore;
  readonly #rules: ObjectRules;
  readonly #plugins: AdmissionPlugin[] = [];

  constructor(store: ObjectStore, rules: ObjectRules) {
    this.#store = store;
    this.#rules = rules;
  }

  addPlugin(plugin: AdmissionPlugin): void {
    this.#plugins.push(plugin);
  }

  /** What is stored, in the version of the type. */
  find(
    type: ResourceType,
    namespace: string | undefined,
    name: string,
  ): KubernetesObject | undefined {
    const stored = this.#store
      .table(type.storageKind)
      .get(objectKey(type, namespace, name));
    return stored && fromStorage(type, stored);
  }

  /** @throws StatusError 404 */
  get(
    type: ResourceType,
    namespace: string | undefined,
    name: string,
  ): KubernetesObject {
    const object = this.find(type, namespace, name);
    if (!object) {
      throw notFound(type, name);
    }
    return object;
  }

  create(
    type: ResourceType,
    namespace: string | undefined,
    input: KubernetesObject,
    request: WriteRequest,
  ): KubernetesObject {
    checkIdentity(type, namespace, undefined, input);
    const decoded = this.#decode(type, input, request);
    return this.#create(type, namespace, decoded, request);
  }

  update(
    type: ResourceType,
    namespace: string | undefined,
    name: string,
    input: KubernetesObject,
    request: WriteRequest,
  ): KubernetesObject {
    checkIdentity(type, namespace, name, input);
    const live = this.get(type, namespace, name);
    const decoded = this.#decode(type, input, request);
    return this.#update(type, live, decoded, request);
  }

  /**
   * Changes an object to what `change` makes of it.
   *
   * @param change - gets the object as it is, and must not change it in place
   */
  modify(
    type: ResourceType,
    namespace: string | undefined,
    name: string,
    change: (live: KubernetesObject) => KubernetesObject,
    request: WriteRequest,
  ): KubernetesObject {
    const live = this.get(type, namespace, name);
    const changed = change(live);
    checkIdentity(type, namespace, name, changed);
    const decoded = this.#decode(type, changed, request);
    return this.#update(type, live, decoded, request);
  }

  /** Server-side apply. */
  apply(
    type: ResourceType,
    namespace: string | undefined,
    name: string,
    input: KubernetesObject,
    request: WriteRequest & { readonly fieldManager: string },
  ): ApplyResult {
    checkIdentity(type, namespace, name, input);
    if (input.metadata?.managedFields !== undefined) {
      throw new StatusError({
        code: 400,
        reason: 'BadRequest',
        message: 'metadata.managedFields must be nil',
      });
    }
    const applied = this.#decode(
      type,
      { ...input, metadata: { ...input.metadata, name } },
      request,
      unknown => {
        throw undeclaredFields(type, input, name, unknown);
      },
    );
    const live = this.find(type, namespace, name);
    if (!live && request.subresource) {
      throw notFound(type, name);
    }
    const merged = applyFields({
      schema: findSchema(type),
      live,
      applied,
      writer: this.#fieldWriter(type, request),
      force: request.force ?? false,
      ignoredFields:
        type.hasStatus && request.subresource !== 'status' ? ['status'] : [],
    });
    const tracked = { ...request, applied: true };
    return live
      ? { object: this.#update(type, live, merged, tracked), created: false }
      : {
          object: this.#create(type, namespace, merged, tracked),
          created: true,
        };
  }

  /** Deletes, or marks for deletion what has finalizers. */
  delete(
    type: ResourceType,
    namespace: string | undefined,
    name: string,
    request: DeleteRequest,
  ): { readonly object: KubernetesObject; readonly removed: boolean } {
    const live = this.get(type, namespace, name);
    checkPreconditions(type, live, request);
    this.#rules.checkDelete(type, live, request);
    this.#admit(
      {
        operation: 'DELETE',
        oldObject: live,
        user: request.user,
        dryRun: request.dryRun ?? false,
      },
      request,
    );
    const grace = gracePeriodOf(type, live, request);
    const finalizers = this.#rules.finalizersForDelete(
      type,
      finalizersAfterDelete(live, request),
    );
    if (
      grace === 0 &&
      finalizers.length === 0 &&
      !live.spec?.finalizers?.length
    ) {
      if (request.dryRun) {
        return { object: live, removed: true };
      }
      return { object: this.#remove(type, live), removed: true };
    }
    if (
      live.metadata.deletionTimestamp &&
      live.metadata.deletionGracePeriodSeconds === grace &&
      equalJson(finalizers, live.metadata.finalizers ?? [])
    ) {
      return { object: live, removed: false };
    }
    const marked = this.#rules.markDeleted(
      type,
      withDeletion(live, finalizers, grace),
    );
    return {
      object: request.dryRun ? marked : this.#write(type, marked),
      removed: false,
    };
  }

  #create(
    type: ResourceType,
    namespace: string | undefined,
    decoded: KubernetesObject,
    request: WriteRequest & { readonly applied?: boolean },
  ): KubernetesObject {
    const own = type.hasStatus ? omit(decoded, 'status') : decoded;
    const named = metadataForCreate(type, namespace, own);
    const name = named.metadata.name ?? '';
    checkNamespace(this.#store, type, namespace, name);
    const filled = this.#rules.fillDefaults(type, named);
    const prepared = this.#rules.complete(type, filled, undefined);
    const errors = this.#rules.validate(type, prepared, undefined);
    if (errors.length > 0) {
      throw invalid(type, name, errors);
    }
    if (this.find(type, namespace, name)) {
      throw alreadyExists(type, name);
    }
    this.#admit(
      {
        operation: 'CREATE',
        object: prepared,
        user: request.user,
        dryRun: request.dryRun ?? false,
      },
      request,
    );
    const tracked = this.#track(type, undefined, filled, prepared, request);
    return request.dryRun ? tracked : this.#write(type, tracked);
  }

  #update(
    type: ResourceType,
    live: KubernetesObject,
    decoded: KubernetesObject,
    request: WriteRequest & { readonly applied?: boolean },
  ): KubernetesObject {
    const name = live.metadata.name!;
    const limited = limitToSubresource(type, live, decoded, request);
    const named = metadataForUpdate(type, live, limited);
    const filled = this.#rules.fillDefaults(type, named);
    const prepared = withGeneration(
      type,
      live,
      this.#rules.complete(type, filled, live),
    );
    const errors = this.#rules.validate(
      type,
      prepared,
      live,
      request.subresource,
    );
    if (errors.length > 0) {
      throw invalid(type, name, errors);
    }
    if (isUnchanged(live, prepared)) {
      return live;
    }
    this.#admit(
      {
        operation: 'UPDATE',
        object: prepared,
        oldObject: live,
        subresource: request.subresource,
        user: request.user,
        dryRun: request.dryRun ?? false,
      },
      request,
    );
    const tracked = this.#track(type, live, filled, prepared, request);
    if (equalJson(live, tracked)) {
      return live;
    }
    if (request.dryRun) {
      return tracked;
    }
    return isFinished(tracked)
      ? this.#remove(type, tracked)
      : this.#write(type, tracked);
  }

  #decode(
    type: ResourceType,
    input: KubernetesObject,
    request: WriteRequest,
    onUnknown?: (fields: readonly string[]) => void,
  ): KubernetesObject {
    const unknown: string[] = [];
    const decoded = decodeObject(
      type,
      findSchema(type),
      {
        ...input,
        apiVersion: formatApiVersion(type),
        kind: type.kind,
        metadata: input.metadata ?? {},
      },
      path => unknown.push(path),
    );
    if (unknown.length > 0) {
      onUnknown?.(unknown);
      if (request.fieldValidation === 'Strict') {
        throw strictDecodingError(type, unknown);
      }
    }
    if (request.fieldValidation === 'Warn') {
      unknown.forEach(path => request.onWarning?.(`unknown field "${path}"`));
    }
    if (type.custom?.deprecationWarning) {
      request.onWarning?.(type.custom.deprecationWarning);
    }
    return decoded.metadata ? decoded : { ...decoded, metadata: {} };
  }

  #admit(admission: AdmissionRequest, request: WriteRequest): void {
    for (const plugin of this.#plugins) {
      for (const warning of plugin(admission) ?? []) {
        request.onWarning?.(warning);
      }
    }
  }

  /** Counts what changed as managed by who writes, but for what the server added. */
  #track(
    type: ResourceType,
    live: KubernetesObject | undefined,
    filled: KubernetesObject,
    prepared: KubernetesObject,
    request: WriteRequest & { readonly applied?: boolean },
  ): KubernetesObject {
    if (request.applied) {
      return prepared;
    }
    const { managedFields } = trackUpdate(
      findSchema(type),
      live,
      live ? prepared : filled,
      this.#fieldWriter(type, request),
    ).metadata;
    const metadata = omit(prepared.metadata, 'managedFields');
    return {
      ...prepared,
      metadata: managedFields ? { ...metadata, managedFields } : metadata,
    };
  }

  #fieldWriter(type: ResourceType, request: WriteRequest) {
    return {
      manager: request.fieldManager ?? OWN_MANAGER,
      apiVersion: formatApiVersion(type),
      subresource: request.subresource,
      time: formatTime(),
    };
  }

  #write(type: ResourceType, object: KubernetesObject): KubernetesObject {
    const stored = this.#store.write(
      type.storageKind,
      keyOf(object),
      toStorage(type, object),
    );
    return fromStorage(type, stored);
  }

  #remove(type: ResourceType, object: KubernetesObject): KubernetesObject {
    const stored = this.#store.write(
      type.storageKind,
      keyOf(object),
      undefined,
    );
    return fromStorage(type, stored);
  }
}
