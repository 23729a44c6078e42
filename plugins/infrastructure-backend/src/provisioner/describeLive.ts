import type { KubernetesClient } from '@waystone/integrations';
import type {
  LiveObject,
  LiveState,
} from '@waystone/plugin-infrastructure-common';
import { z } from 'zod';

const conditionSchema = z.object({
  type: z.string(),
  status: z.string(),
  reason: z.string().optional(),
  message: z.string().optional(),
  lastTransitionTime: z.string().optional(),
  observedGeneration: z.number().optional(),
});

/** What is read of a composite resource and of what it consists of. */
export const liveSchema = z.looseObject({
  apiVersion: z.string().optional(),
  kind: z.string().optional(),
  metadata: z.looseObject({
    name: z.string(),
    uid: z.string().optional(),
    generation: z.number().optional(),
    deletionTimestamp: z.string().nullish(),
    labels: z.record(z.string(), z.string()).nullish(),
  }),
  spec: z
    .looseObject({
      crossplane: z
        .looseObject({
          resourceRefs: z
            .array(
              z.looseObject({
                apiVersion: z.string(),
                kind: z.string(),
                name: z.string().optional(),
              }),
            )
            .nullish(),
        })
        .nullish(),
    })
    .nullish(),
  status: z
    .looseObject({
      conditions: z.array(conditionSchema).nullish(),
      phase: z.string().nullish(),
      phaseReason: z.string().nullish(),
      connectionSecret: z
        .looseObject({ name: z.string().optional() })
        .nullish(),
    })
    .nullish(),
});

export type LiveResource = z.infer<typeof liveSchema>;
type Condition = z.infer<typeof conditionSchema>;

const MOST_OBJECTS = 30;
const EVENTS_EACH = 5;
/** Definitions that are made of others are seldom deeper. */
const DEEPEST = 3;

/** Walks from the composite resource to what it consists of, and says in a sentence what blocks. */
export async function describeLive(
  client: KubernetesClient,
  root: LiveResource,
  address: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly namespace: string;
  },
): Promise<LiveState> {
  const composed = await walk(client, root, {
    namespace: address.namespace,
    depth: 1,
    left: { objects: MOST_OBJECTS },
  });
  const top = await toLiveObject(client, {
    ...address,
    name: root.metadata.name,
    object: root,
    depth: 0,
  });
  const objects = [top, ...composed];
  return {
    ...(top.state !== 'ready' && { blocker: findBlocker(top, composed) }),
    objects: objects.map(({ phase: _phase, ...object }) => object),
    observedAt: new Date().toISOString(),
  };
}

type Described = LiveObject & { readonly phase?: string };

/** What an object is composed of, and what that is composed of, each before its own parts. */
async function walk(
  client: KubernetesClient,
  parent: LiveResource,
  options: {
    readonly namespace: string;
    readonly depth: number;
    /** Counted down by all parts together. */
    readonly left: { objects: number };
  },
): Promise<Described[]> {
  const { depth, left, namespace } = options;
  const references = (parent.spec?.crossplane?.resourceRefs ?? []).slice(
    0,
    left.objects,
  );
  left.objects -= references.length;
  const parts = await Promise.all(
    references.map(async ({ apiVersion, kind, name }) => {
      const object = name
        ? await client.find(
            { apiVersion, kind, namespace, name },
            { schema: liveSchema },
          )
        : undefined;
      const described = await toLiveObject(client, {
        apiVersion,
        kind,
        namespace,
        name: name ?? '',
        object,
        depth,
      });
      return object && depth < DEEPEST
        ? [
            described,
            ...(await walk(client, object, { ...options, depth: depth + 1 })),
          ]
        : [described];
    }),
  );
  return parts.flat();
}

async function toLiveObject(
  client: KubernetesClient,
  options: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly namespace: string;
    readonly name: string;
    readonly object: LiveResource | undefined;
    readonly depth: number;
  },
): Promise<Described> {
  const { apiVersion, kind, namespace, name, object, depth } = options;
  const uid = object?.metadata.uid;
  const events = uid
    ? await client.events({
        namespace,
        regarding: { uid },
        limit: EVENTS_EACH,
      })
    : [];
  const phase = [object?.status?.phase, object?.status?.phaseReason]
    .filter(Boolean)
    .join(': ');
  return {
    apiVersion,
    kind,
    name,
    depth,
    state: stateOf(object),
    ...(phase && { phase }),
    conditions: (object?.status?.conditions ?? []).map(condition => ({
      type: condition.type,
      status: condition.status,
      ...(condition.reason && { reason: condition.reason }),
      ...(condition.message && { message: condition.message }),
      ...(condition.lastTransitionTime && {
        since: condition.lastTransitionTime,
      }),
    })),
    events: events.map(event => ({
      type: event.type,
      reason: event.reason,
      message: event.message,
      ...(event.lastSeenAt && { at: event.lastSeenAt }),
    })),
  };
}

/** What a condition says of the object as it is asked for now; what it said of an older one does not count. */
export function currentCondition(
  object: LiveResource,
  type: string,
): Condition | undefined {
  const condition = object.status?.conditions?.find(each => each.type === type);
  const { generation } = object.metadata;
  return condition?.observedGeneration !== undefined &&
    generation !== undefined &&
    condition.observedGeneration < generation
    ? undefined
    : condition;
}

function stateOf(object: LiveResource | undefined): LiveObject['state'] {
  if (!object) {
    return 'missing';
  }
  if (currentCondition(object, 'Synced')?.status === 'False') {
    return 'failed';
  }
  const ready = currentCondition(object, 'Ready');
  if (ready) {
    return ready.status === 'True' ? 'ready' : 'progressing';
  }
  // Things like ConfigMaps and schedules say nothing; they are there.
  return object.status?.conditions?.length ? 'unknown' : 'ready';
}

function findBlocker(top: Described, composed: readonly Described[]): string {
  const unsynced = top.conditions.find(
    ({ type, status }) => type === 'Synced' && status === 'False',
  );
  if (unsynced) {
    return `${top.kind} '${top.name}' cannot be composed: ${
      unsynced.message ?? unsynced.reason ?? 'Crossplane says no more'
    }`;
  }
  // What is made of others waits for them: the deepest is the cause.
  const deepest = [...composed].sort((left, right) => right.depth - left.depth);
  const culprit =
    deepest.find(({ state }) => state === 'failed') ??
    deepest.find(({ state }) => state === 'missing') ??
    deepest.find(({ state }) => state === 'progressing');
  if (!culprit) {
    return composed.length === 0
      ? `Crossplane has not begun with ${top.kind} '${top.name}' yet`
      : `${top.kind} '${top.name}' is not ready yet`;
  }
  const name = `${culprit.kind} '${culprit.name}'`;
  if (culprit.state === 'missing') {
    return `${name} has not been made yet`;
  }
  const warning = culprit.events.find(({ type }) => type === 'Warning');
  const condition = culprit.conditions.find(
    ({ type, status }) =>
      (type === 'Ready' || type === 'Synced') && status === 'False',
  );
  const said = culprit.phase ?? warning?.message ?? condition?.message;
  return said ? `${name}: ${said}` : `${name} is not ready yet`;
}
