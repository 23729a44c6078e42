import { InputError } from '@backstage/errors';
import { UpstreamError } from '../core/UpstreamError';
import type { UpstreamHttp, UpstreamRequest } from '../core/UpstreamHttp';
import type {
  ApplyOptions,
  DeleteOptions,
  KubernetesPatch,
  WriteOptions,
  WriteResult,
} from './Client';
import type { KindDiscovery } from './KindDiscovery';
import { readWarnings } from './readWarnings';
import { resourcePath } from './resourcePath';
import { kubernetesObjectSchema } from './types';
import type { KubernetesManifest, ObjectRef } from './types';

const FIELD_MANAGER = 'waystone';
const PATCH_TYPES = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
};

/**
 * Writes objects, with the warnings of the cluster.
 *
 * @internal
 */
export class ObjectWriter {
  readonly #http: UpstreamHttp;
  readonly #kinds: KindDiscovery;
  readonly #headers: UpstreamRequest['headers'];

  constructor(options: {
    readonly http: UpstreamHttp;
    readonly kinds: KindDiscovery;
    /** Whom to act for. */
    readonly headers: UpstreamRequest['headers'];
  }) {
    this.#http = options.http;
    this.#kinds = options.kinds;
    this.#headers = options.headers;
  }

  async create(
    manifest: KubernetesManifest,
    options: WriteOptions = {},
  ): Promise<WriteResult> {
    const kind = await this.#kinds.resolve(manifest, options.signal);
    return this.#write({
      ...this.#writeOf(`create-${manifest.kind}`, options),
      method: 'POST',
      path: resourcePath(kind, { namespace: namespaceOf(manifest, kind) }),
      body: manifest,
    });
  }

  async replace(
    manifest: KubernetesManifest,
    options: WriteOptions = {},
  ): Promise<WriteResult> {
    return this.#write({
      ...this.#writeOf(`replace-${manifest.kind}`, options),
      method: 'PUT',
      path: await this.#pathOf(manifest, options),
      body: manifest,
      // A repetition fails if the object has a resource version, and else is the same again.
      idempotent: manifest.metadata.resourceVersion === undefined,
    });
  }

  async apply(
    manifest: KubernetesManifest,
    options: ApplyOptions = {},
  ): Promise<WriteResult> {
    const request = this.#writeOf(`apply-${manifest.kind}`, options);
    return this.#write({
      ...request,
      method: 'PATCH',
      path: await this.#pathOf(manifest, options),
      query: { ...request.query, force: options.force ?? false },
      // JSON is YAML.
      body: JSON.stringify(manifest),
      headers: {
        ...request.headers,
        'content-type': 'application/apply-patch+yaml',
      },
      idempotent: true,
      // Admission webhooks may take their time.
      firstByteTimeoutMs: 25_000,
      timeoutMs: 25_000,
    });
  }

  async patch(
    ref: ObjectRef,
    patch: KubernetesPatch,
    options: WriteOptions = {},
  ): Promise<WriteResult> {
    const kind = await this.#kinds.resolve(ref, options.signal);
    const request = this.#writeOf(`patch-${ref.kind}`, {
      // Without it, as other clients send patches: what is not known is dropped with a warning.
      fieldValidation: 'Warn',
      ...options,
    });
    return this.#write({
      ...request,
      method: 'PATCH',
      path: resourcePath(kind, { ...ref, subresource: options.subresource }),
      body: JSON.stringify(patch.patch),
      headers: { ...request.headers, 'content-type': PATCH_TYPES[patch.type] },
    });
  }

  async delete(ref: ObjectRef, options: DeleteOptions = {}) {
    const { dryRun, gracePeriodSeconds, preconditions, signal } = options;
    const kind = await this.#kinds.resolve(ref, signal);
    try {
      const { headers } = await this.#http.raw({
        operation: `delete-${ref.kind}`.toLowerCase(),
        method: 'DELETE',
        path: resourcePath(kind, ref),
        body: {
          apiVersion: 'v1',
          kind: 'DeleteOptions',
          propagationPolicy: options.propagationPolicy ?? 'Background',
          gracePeriodSeconds,
          preconditions,
          ...(dryRun && { dryRun: ['All'] }),
        },
        headers: this.#headers,
        // Else a repetition could delete what has just been created anew.
        idempotent: preconditions?.uid !== undefined,
        signal,
      });
      return { found: true, warnings: readWarnings(headers) };
    } catch (error) {
      if (error instanceof UpstreamError && error.code === 'not-found') {
        return { found: false, warnings: [] };
      }
      throw error;
    }
  }

  async #pathOf(
    manifest: KubernetesManifest,
    options: WriteOptions,
  ): Promise<string> {
    const kind = await this.#kinds.resolve(manifest, options.signal);
    const { name } = manifest.metadata;
    if (!name) {
      throw new InputError(`The ${manifest.kind} has no metadata.name`);
    }
    return resourcePath(kind, {
      namespace: namespaceOf(manifest, kind),
      name,
      subresource: options.subresource,
    });
  }

  #writeOf(operation: string, options: WriteOptions) {
    return {
      operation: operation.toLowerCase(),
      query: {
        fieldManager: options.fieldManager ?? FIELD_MANAGER,
        fieldValidation: options.fieldValidation ?? 'Strict',
        dryRun: options.dryRun ? 'All' : undefined,
      },
      headers: this.#headers,
      signal: options.signal,
    };
  }

  async #write(request: UpstreamRequest): Promise<WriteResult> {
    let warnings: readonly string[] = [];
    const object = await this.#http.json(
      {
        ...request,
        onHeaders: headers => {
          warnings = readWarnings(headers);
        },
      },
      kubernetesObjectSchema,
    );
    return { object, warnings };
  }
}

function namespaceOf(
  manifest: KubernetesManifest,
  kind: { readonly namespaced: boolean; readonly kind: string },
): string | undefined {
  const { name, namespace } = manifest.metadata;
  if (kind.namespaced && !namespace) {
    throw new InputError(
      `The ${kind.kind} '${name ?? ''}' has no metadata.namespace`,
    );
  }
  return namespace;
}
