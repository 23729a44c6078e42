import type {
  KubernetesClient,
  KubernetesService,
} from '@waystone/integrations';
import { REQUEST_LABEL } from '@waystone/plugin-infrastructure-common';
import type {
  FieldChange,
  LiveState,
} from '@waystone/plugin-infrastructure-common';
import { compareFields } from './compareFields';
import { compileManifest } from './compileManifest';
import { currentCondition, describeLive, liveSchema } from './describeLive';
import type { LiveResource } from './describeLive';
import { explainRefusal } from './explainRefusal';
import { ForeignObjectError } from './Provisioner';
import type {
  DesiredResource,
  Observation,
  Plan,
  Provisioner,
} from './Provisioner';

/** Who owns the fields that are applied. */
const FIELD_MANAGER = 'waystone-infrastructure';

/** Composite resources of Crossplane, applied by server-side apply. */
export class CrossplaneProvisioner implements Provisioner {
  readonly #kubernetes: KubernetesService;

  constructor(options: { readonly kubernetes: KubernetesService }) {
    this.#kubernetes = options.kubernetes;
  }

  async plan(
    resource: DesiredResource,
    { signal }: { readonly signal?: AbortSignal } = {},
  ): Promise<Plan> {
    const manifest = compileManifest(resource);
    const client = this.#kubernetes.cluster(resource.cluster);
    try {
      // Whether the name is taken does not depend on what is said of the object, so both are asked at once.
      const [live, { object, warnings }] = await Promise.all([
        this.#find(client, resource, signal),
        client.apply(manifest, {
          dryRun: true,
          force: true,
          fieldManager: FIELD_MANAGER,
          signal,
        }),
      ]);
      if (live && !isOurs(live, resource)) {
        return {
          objects: [manifest],
          verdicts: [
            {
              severity: 'error',
              source: 'conflict',
              field: 'name',
              message: `There is a ${resource.kind} '${resource.name}' in ${resource.namespace} already`,
              fix: 'Choose another name',
            },
          ],
        };
      }
      return {
        objects: [readable(object)],
        verdicts: warnings.map(message => ({
          severity: 'warning',
          source: 'policy',
          message,
        })),
      };
    } catch (error) {
      return { objects: [manifest], verdicts: explainRefusal(error) };
    }
  }

  async apply(
    resource: DesiredResource,
  ): Promise<{ readonly changes: readonly FieldChange[] }> {
    const client = this.#kubernetes.cluster(resource.cluster);
    const live = await this.#find(client, resource);
    if (live && !isOurs(live, resource)) {
      throw new ForeignObjectError(
        resource.kind,
        resource.namespace,
        resource.name,
      );
    }
    const manifest = compileManifest(resource);
    await client.apply(manifest, { force: true, fieldManager: FIELD_MANAGER });
    return {
      changes: compareFields(live?.spec ?? {}, resource.parameters, 'spec'),
    };
  }

  async observe(resource: DesiredResource): Promise<Observation> {
    const client = this.#kubernetes.cluster(resource.cluster);
    const live = await this.#find(client, resource);
    if (!live || !isOurs(live, resource)) {
      return { state: 'missing', drift: [] };
    }
    const drift = compareFields(
      live.spec ?? {},
      resource.parameters,
      'spec',
    ).map(({ path, before, after }) => ({
      path,
      before: after,
      after: before,
    }));
    if (live.metadata.deletionTimestamp) {
      return { state: 'deleting', drift };
    }
    const connectionSecret = live.status?.connectionSecret?.name;
    const isReady =
      currentCondition(live, 'Ready')?.status === 'True' &&
      currentCondition(live, 'Synced')?.status === 'True';
    if (isReady) {
      return {
        state: 'ready',
        drift,
        ...(connectionSecret && { connectionSecret }),
      };
    }
    const { blocker } = await this.#describe(client, live, resource);
    return { state: 'progressing', reason: blocker, drift };
  }

  async delete(resource: DesiredResource): Promise<boolean> {
    const client = this.#kubernetes.cluster(resource.cluster);
    const live = await this.#find(client, resource);
    if (!live || !isOurs(live, resource)) {
      return true;
    }
    if (!live.metadata.deletionTimestamp) {
      await client.delete(refOf(resource), {
        propagationPolicy: 'Foreground',
        // What has taken its name meanwhile is not deleted.
        preconditions: { uid: live.metadata.uid },
      });
    }
    return false;
  }

  async describe(resource: DesiredResource): Promise<LiveState> {
    const client = this.#kubernetes.cluster(resource.cluster);
    const live = await this.#find(client, resource);
    return live
      ? this.#describe(client, live, resource)
      : {
          blocker: `There is no ${resource.kind} '${resource.name}' in ${resource.namespace} of the cluster '${resource.cluster}'`,
          objects: [],
          observedAt: new Date().toISOString(),
        };
  }

  #describe(
    client: KubernetesClient,
    live: LiveResource,
    { apiVersion, kind, namespace }: DesiredResource,
  ): Promise<LiveState> {
    return describeLive(client, live, { apiVersion, kind, namespace });
  }

  #find(
    client: KubernetesClient,
    resource: DesiredResource,
    signal?: AbortSignal,
  ): Promise<LiveResource | undefined> {
    return client.find(refOf(resource), { schema: liveSchema, signal });
  }
}

function refOf({ apiVersion, kind, namespace, name }: DesiredResource) {
  return { apiVersion, kind, namespace, name };
}

function isOurs(
  { metadata }: LiveResource,
  { adoptedUid, requestId }: DesiredResource,
): boolean {
  const request = metadata.labels?.[REQUEST_LABEL];
  return (
    request === requestId ||
    // Taken over, but not written yet. What another request has is never taken.
    (adoptedUid !== undefined &&
      request === undefined &&
      metadata.uid === adoptedUid)
  );
}

/** The object as people read it, without what the cluster keeps for itself. */
function readable(object: Record<string, unknown>): Record<string, unknown> {
  const {
    apiVersion,
    kind,
    metadata,
    status: _status,
    ...rest
  } = object as {
    apiVersion?: string;
    kind?: string;
    metadata: Record<string, unknown>;
    status?: unknown;
  };
  const { name, namespace, labels, annotations } = metadata;
  return {
    apiVersion,
    kind,
    metadata: { name, namespace, labels, annotations },
    ...rest,
  };
}
