import type {
  KubernetesCluster,
  KubernetesObject,
} from '../../kubernetes/KubernetesCluster';
import { HISTORY } from './WorkloadModel';
import type {
  PodRecord,
  PodState,
  ReplicaState,
  WorkloadRecord,
} from './WorkloadRecord';

const DEPLOYMENT = { apiVersion: 'apps/v1', kind: 'Deployment' };
const REPLICA_SET = { apiVersion: 'apps/v1', kind: 'ReplicaSet' };
const POD = { apiVersion: 'v1', kind: 'Pod' };

/** The annotation by which a workload says that it has no metrics. */
const SCRAPE = 'prometheus.io/scrape';

/** What was made so soon after the first start is taken for what has always been there, in milliseconds. */
const ALWAYS_THERE = 5 * 60_000;

/** How much is kept of one workload. */
const MOST_PODS = 60;
const MOST_STATES = 200;

/**
 * Writes down what happens to Deployments and their pods, so that the past can be asked for.
 *
 * @internal
 */
export class WorkloadRecorder {
  readonly #cluster: KubernetesCluster;
  readonly #epoch: number;
  readonly #now: () => number;
  readonly #changed: (record: WorkloadRecord) => void;
  readonly #records = new Map<string, WorkloadRecord>();
  #stops: (() => void)[] = [];

  /** @param options - `epoch` is when the sandbox first started, in milliseconds; `known` is what was written down before */
  constructor(options: {
    readonly cluster: KubernetesCluster;
    readonly epoch: number;
    readonly known: readonly WorkloadRecord[];
    readonly now: () => number;
    changed(record: WorkloadRecord): void;
  }) {
    this.#cluster = options.cluster;
    this.#epoch = options.epoch;
    this.#now = options.now;
    this.#changed = options.changed;
    for (const record of options.known) {
      if (record.cluster === options.cluster.name) {
        this.#records.set(`${record.namespace}/${record.name}`, record);
      }
    }
  }

  get records(): Iterable<WorkloadRecord> {
    return this.#records.values();
  }

  start(): void {
    this.#endMissing();
    this.#stops = [
      this.#cluster.watch(DEPLOYMENT, ({ type, object }) =>
        this.#onDeployment(object, type === 'DELETED'),
      ),
      this.#cluster.watch(POD, ({ type, object }) =>
        this.#onPod(object, type === 'DELETED'),
      ),
    ];
  }

  stop(): void {
    this.#stops.forEach(stop => stop());
    this.#stops = [];
  }

  /** Pods that went while nobody looked. */
  #endMissing(): void {
    const uids = new Set(
      this.#cluster.list(POD).map(({ metadata }) => metadata.uid),
    );
    for (const record of this.#records.values()) {
      for (const pod of record.pods) {
        if (pod.to === undefined && !uids.has(pod.uid)) {
          endPod(pod, this.#now());
          this.#changed(record);
        }
      }
    }
  }

  #onDeployment(object: KubernetesObject, deleted: boolean): void {
    const record = this.#recordOf(object);
    const { metadata, spec = {}, status = {} } = object;
    record.owner = metadata.labels?.owner;
    const historic = record.replicas.length === 0 && this.#isHistoric(object);
    const desired = Number(spec.replicas ?? 1);
    const state: ReplicaState = {
      time: historic ? this.#epoch - HISTORY : this.#now(),
      desired: deleted ? 0 : desired,
      current: deleted ? 0 : Number(status.replicas ?? 0),
      updated: deleted ? 0 : Number(status.updatedReplicas ?? 0),
      available: deleted ? 0 : Number(status.availableReplicas ?? 0),
    };
    if (historic) {
      // Its pods are only being started, but for the history they always ran.
      Object.assign(state, {
        current: desired,
        updated: desired,
        available: desired,
      });
    }
    const last = record.replicas.at(-1);
    const starting =
      this.#now() < this.#epoch + ALWAYS_THERE &&
      state.available < desired &&
      !record.pods.some(isBroken);
    if (
      !last ||
      (!starting &&
        JSON.stringify({ ...last, time: 0 }) !==
          JSON.stringify({ ...state, time: 0 }))
    ) {
      record.replicas.push(state);
      record.replicas.splice(0, record.replicas.length - MOST_STATES);
      this.#changed(record);
    }
    const container = spec.template?.spec?.containers?.[0];
    record.requests = readResources(container?.resources?.requests);
    record.limits = readResources(container?.resources?.limits);
  }

  #onPod(object: KubernetesObject, deleted: boolean): void {
    const record = this.#ownerOf(object);
    const uid = object.metadata.uid ?? '';
    if (!record) {
      return;
    }
    let pod = record.pods.find(candidate => candidate.uid === uid);
    if (deleted) {
      if (pod && pod.to === undefined) {
        endPod(pod, this.#now());
        this.#changed(record);
      }
      return;
    }
    if (!object.spec?.nodeName) {
      return;
    }
    const before = JSON.stringify(pod);
    if (!pod) {
      pod = this.#createPod(record, object);
      record.pods.push(pod);
      record.pods.splice(0, record.pods.length - MOST_PODS);
    }
    pod.address = object.status?.podIP ?? pod.address;
    this.#follow(pod, object);
    if (JSON.stringify(pod) !== before) {
      this.#changed(record);
      const { namespace, name } = record;
      const deployment = this.#cluster.get({ ...DEPLOYMENT, namespace, name });
      if (isBroken(pod) && deployment) {
        this.#onDeployment(deployment, false);
      }
    }
  }

  #createPod(record: WorkloadRecord, object: KubernetesObject): PodRecord {
    const container = object.spec.containers?.[0] ?? {};
    // The ones that the Deployment had from the start; more are a change that somebody made.
    const historic =
      this.#isHistoric(object) &&
      record.pods.length < (record.replicas[0]?.desired ?? 1);
    const from = historic ? this.#epoch - HISTORY : this.#now();
    return {
      name: object.metadata.name ?? '',
      uid: object.metadata.uid ?? '',
      node: object.spec.nodeName,
      address: '',
      container: container.name ?? '',
      image: container.image ?? '',
      from,
      runs: historic ? [{ from }] : [],
      states: historic
        ? [{ time: from, phase: 'Running', ready: true, restarts: 0 }]
        : [],
    };
  }

  #follow(pod: PodRecord, object: KubernetesObject): void {
    const now = this.#now();
    const state = readState(object, now);
    const last = pod.states.at(-1);
    const neverLeft =
      pod.from < this.#epoch &&
      pod.states.length === 1 &&
      state.restarts === 0 &&
      !state.waiting &&
      state.phase === 'Pending';
    // A pod with a history starts now for Kubernetes only.
    if (neverLeft || (pod.from < this.#epoch && isStarting(state))) {
      return;
    }
    if (
      !last ||
      last.phase !== state.phase ||
      last.ready !== state.ready ||
      last.restarts !== state.restarts ||
      last.waiting !== state.waiting
    ) {
      pod.states.push(state);
      pod.states.splice(0, pod.states.length - MOST_STATES);
    }
    const running = isProcessRunning(object);
    const run = pod.runs.at(-1);
    const restarted = last !== undefined && state.restarts > last.restarts;
    if (run && run.to === undefined && (!running || restarted)) {
      run.to = now;
    }
    if (running && pod.runs.at(-1)?.to !== undefined) {
      pod.runs.push({ from: now });
    } else if (running && pod.runs.length === 0) {
      pod.runs.push({ from: now });
    }
    pod.runs.splice(0, pod.runs.length - MOST_STATES);
  }

  #isHistoric({ metadata }: KubernetesObject): boolean {
    const created = Date.parse(metadata.creationTimestamp ?? '');
    return (created || this.#now()) <= this.#epoch + ALWAYS_THERE;
  }

  #ownerOf(pod: KubernetesObject): WorkloadRecord | undefined {
    const namespace = pod.metadata.namespace;
    const owner = pod.metadata.ownerReferences?.find(
      ({ kind }) => kind === 'ReplicaSet',
    );
    const replicaSet =
      owner &&
      this.#cluster.get({ ...REPLICA_SET, namespace, name: owner.name });
    const deployment = replicaSet?.metadata.ownerReferences?.find(
      ({ kind }) => kind === 'Deployment',
    );
    const object =
      deployment &&
      this.#cluster.get({ ...DEPLOYMENT, namespace, name: deployment.name });
    if (object) {
      return this.#recordOf(object);
    }
    // When everything is being deleted the owners may have gone first.
    return [...this.#records.values()].find(({ pods }) =>
      pods.some(({ uid }) => uid === pod.metadata.uid),
    );
  }

  #recordOf({ metadata }: KubernetesObject): WorkloadRecord {
    const {
      annotations = {},
      labels = {},
      name = '',
      namespace = '',
    } = metadata;
    const key = `${namespace}/${name}`;
    let record = this.#records.get(key);
    if (!record) {
      record = {
        cluster: this.#cluster.name,
        namespace,
        name,
        service:
          labels['backstage.io/kubernetes-id'] ??
          labels['app.kubernetes.io/name'] ??
          name,
        ...(annotations[SCRAPE] === 'false' && { unscraped: true }),
        pods: [],
        replicas: [],
      };
      this.#records.set(key, record);
    }
    return record;
  }
}

function endPod(pod: PodRecord, time: number): void {
  pod.to = time;
  const run = pod.runs.at(-1);
  if (run && run.to === undefined) {
    run.to = time;
  }
}

/** Whether a pod does not come up by itself. */
function isBroken({ to, states }: PodRecord): boolean {
  const last = states.at(-1);
  return to === undefined && last?.waiting !== undefined && !isStarting(last);
}

function isStarting({ phase, ready, restarts, waiting }: PodState): boolean {
  return (
    restarts === 0 &&
    (phase === 'Pending' || (phase === 'Running' && !ready)) &&
    (!waiting ||
      waiting === 'ContainerCreating' ||
      waiting === 'PodInitializing')
  );
}

function isProcessRunning({ status = {} }: KubernetesObject): boolean {
  return (
    status.phase === 'Running' &&
    Boolean(status.containerStatuses?.[0]?.state?.running)
  );
}

function readState({ status = {} }: KubernetesObject, time: number): PodState {
  const container = status.containerStatuses?.[0];
  const waiting = container?.state?.waiting?.reason;
  return {
    time,
    phase: status.phase ?? 'Pending',
    ready: Boolean(container?.ready),
    restarts: Number(container?.restartCount ?? 0),
    ...(waiting && { waiting: String(waiting) }),
  };
}

const QUANTITIES: Readonly<Record<string, number>> = {
  '': 1,
  m: 0.001,
  k: 1000,
  M: 1e6,
  G: 1e9,
  Ki: 1024,
  Mi: 1024 ** 2,
  Gi: 1024 ** 3,
};

function readResources(
  resources: { cpu?: unknown; memory?: unknown } | undefined,
): { cpu: number; memory: number } | undefined {
  const cpu = readQuantity(resources?.cpu);
  const memory = readQuantity(resources?.memory);
  return cpu === undefined || memory === undefined
    ? undefined
    : { cpu, memory };
}

function readQuantity(quantity: unknown): number | undefined {
  const match = /^([\d.]+)(m|k|M|G|Ki|Mi|Gi)?$/.exec(String(quantity ?? ''));
  return match ? Number(match[1]) * QUANTITIES[match[2] ?? ''] : undefined;
}
