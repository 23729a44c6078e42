import type { KubernetesCluster } from '../../kubernetes/KubernetesCluster';
import type { SeriesSource } from '../promql/SeriesSource';
import type { SimulatedWorkload } from './MetricFamily';
import { SimulatedSource } from './SimulatedSource';
import { TrafficTable } from './TrafficTable';
import type { TrafficEvent } from './TrafficTable';
import { HISTORY, WorkloadModel } from './WorkloadModel';
import type { WorkloadRecord } from './WorkloadRecord';
import { WorkloadRecorder } from './WorkloadRecorder';

/**
 * A service that runs in no cluster and only has metrics, for benchmarks.
 *
 * @public
 */
export interface SyntheticWorkload {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  /** @defaultValue 1 */
  readonly replicas?: number;
}

/** What has to survive a restart. */
export interface SimulationState {
  /** When the sandbox first started, in milliseconds. */
  readonly epoch: number;
  readonly traffic: readonly TrafficEvent[];
  readonly workloads: readonly WorkloadRecord[];
}

/**
 * All that runs, as the source of its metrics.
 *
 * @internal
 */
export class Simulation {
  readonly traffic: TrafficTable;
  readonly source: SeriesSource;
  readonly #simulated: SimulatedSource;
  readonly #epoch: number;
  readonly #recorders: readonly WorkloadRecorder[];
  readonly #synthetic: () => readonly SyntheticWorkload[];
  readonly #models = new Map<WorkloadRecord, SimulatedWorkload>();
  #syntheticModels?: {
    readonly list: readonly SyntheticWorkload[];
    readonly workloads: readonly SimulatedWorkload[];
  };
  #trafficVersion = 0;

  constructor(options: {
    readonly clusters: Iterable<KubernetesCluster>;
    readonly synthetic: () => readonly SyntheticWorkload[];
    readonly state: SimulationState;
    readonly now: () => number;
    changed(simulation: Simulation): void;
  }) {
    const { state, clusters, synthetic, now, changed } = options;
    this.#epoch = state.epoch;
    this.#synthetic = synthetic;
    this.traffic = new TrafficTable(state.traffic);
    this.#recorders = [...clusters].map(
      cluster =>
        new WorkloadRecorder({
          cluster,
          epoch: state.epoch,
          known: state.workloads,
          now,
          changed: record => {
            this.#drop(record);
            changed(this);
          },
        }),
    );
    this.#simulated = new SimulatedSource(() => this.workloads());
    this.source = this.#simulated;
  }

  start(): void {
    this.#recorders.forEach(recorder => recorder.start());
  }

  stop(): void {
    this.#recorders.forEach(recorder => recorder.stop());
  }

  get state(): SimulationState {
    return {
      epoch: this.#epoch,
      traffic: this.traffic.events,
      workloads: [...this.#records()],
    };
  }

  /** Forgets pods and changes that no query reaches any more. */
  forget(before: number): void {
    this.traffic.forget(before);
    for (const record of this.#records()) {
      const kept = record.pods.filter(
        ({ to }) => to === undefined || to >= before,
      );
      if (kept.length < record.pods.length) {
        record.pods = kept;
        this.#drop(record);
      }
    }
  }

  /** All workloads; one that has changed is another object. */
  *workloads(): Iterable<SimulatedWorkload> {
    if (this.#trafficVersion !== this.traffic.version) {
      this.#trafficVersion = this.traffic.version;
      [...this.#models.keys()].forEach(record => this.#drop(record));
    }
    for (const record of this.#records()) {
      let workload = this.#models.get(record);
      if (!workload) {
        workload = this.#create(record, false);
        this.#models.set(record, workload);
      }
      yield workload;
    }
    yield* this.#createSynthetic();
  }

  #drop(record: WorkloadRecord): void {
    const workload = this.#models.get(record);
    if (workload) {
      this.#models.delete(record);
      this.#simulated.forget(workload);
    }
  }

  *#records(): Iterable<WorkloadRecord> {
    for (const recorder of this.#recorders) {
      yield* recorder.records;
    }
  }

  #create(record: WorkloadRecord, small: boolean): SimulatedWorkload {
    const traffic = this.traffic.of({
      service: record.service,
      environment: environmentOf(record.namespace),
    });
    return {
      record,
      model: new WorkloadModel(record, traffic, this.#epoch),
      historyStart: this.#epoch - HISTORY,
      small,
    };
  }

  #createSynthetic(): readonly SimulatedWorkload[] {
    const list = this.#synthetic();
    if (this.#syntheticModels?.list !== list) {
      const from = this.#epoch - HISTORY;
      this.#syntheticModels = {
        list,
        workloads: list.map((workload, index) =>
          this.#create(createRecord(workload, index, from), true),
        ),
      };
    }
    return this.#syntheticModels.workloads;
  }
}

/** What follows the system in a namespace such as `orders-production`. */
function environmentOf(namespace: string): string {
  return namespace.slice(namespace.lastIndexOf('-') + 1);
}

function createRecord(
  { cluster, namespace, name, replicas = 1 }: SyntheticWorkload,
  index: number,
  from: number,
): WorkloadRecord {
  return {
    cluster,
    namespace,
    name,
    service: name,
    replicas: [
      {
        time: from,
        desired: replicas,
        current: replicas,
        updated: replicas,
        available: replicas,
      },
    ],
    pods: Array.from({ length: replicas }, (_unused, number) => ({
      name: `${name}-5d9c7b6f4-${(index * 31 + number).toString(36)}`,
      uid: `${cluster}/${namespace}/${name}/${number}`,
      node: `node-${(index + number) % 50}`,
      address: `10.${64 + (index >> 8)}.${index & 255}.${number + 1}`,
      container: 'app',
      image: `registry.fernway.example/${namespace}/${name}:1.0.0`,
      from,
      runs: [{ from }],
      states: [{ time: from, phase: 'Running', ready: true, restarts: 0 }],
    })),
  };
}
