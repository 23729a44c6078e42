import { join } from 'node:path';
import { z } from 'zod';
import type { SandboxContext } from '../core/SandboxContext';
import { readStateFile, writeStateFile } from '../core/stateFiles';
import type { KubernetesCluster } from '../kubernetes/KubernetesCluster';
import type { SandboxPart } from '../SandboxPart';
import {
  createPrometheusHandler,
  renderPrometheusError,
} from './api/createPrometheusHandler';
import { PrometheusApi } from './api/PrometheusApi';
import { QueryEngine } from './promql/QueryEngine';
import type { SeriesSource } from './promql/SeriesSource';
import { RecordedSource } from './rules/RecordedSource';
import { RuleManager } from './rules/RuleManager';
import type { AlertNotice } from './rules/RuleManager';
import { Simulation } from './series/Simulation';
import type { SyntheticWorkload } from './series/Simulation';
import { trafficEvent } from './series/TrafficTable';
import type { TrafficChange, TrafficTarget } from './series/TrafficTable';
import { workloadRecord } from './series/WorkloadRecord';

/** How long the past can be asked for, in milliseconds. */
const RETENTION = 31 * 24 * 3600 * 1000;

/** Changes are written together, in milliseconds. */
const WRITE_DELAY = 2_000;

const NO_WORKLOADS: readonly SyntheticWorkload[] = [];

const stateSchema = z.object({
  epoch: z.number(),
  traffic: z.array(trafficEvent),
  workloads: z.array(workloadRecord),
});

/**
 * What {@link createPrometheus} is told.
 *
 * @public
 */
export interface PrometheusOptions {
  readonly clusters: Iterable<KubernetesCluster>;
  /** More services that have only metrics. The same list must be returned as long as nothing has changed. */
  readonly workloads?: () => readonly SyntheticWorkload[];
  /** Told of firing and ended alerts, such as the Alertmanager part. */
  notify?(notices: readonly AlertNotice[]): void;
  /** @defaultValue the clock */
  readonly now?: () => number;
}

/**
 * Prometheus, with what stories do to the traffic.
 *
 * @public
 */
export interface Prometheus extends SandboxPart {
  readonly traffic: {
    /** Changes the requests to a service from now on; what it was changed to before is over. */
    set(target: TrafficTarget, change: TrafficChange): void;
    /** Back to what is usual; for all services without a target. */
    reset(target?: TrafficTarget): void;
    /** How many times as many requests as usual there are now. */
    rateFactor(target: TrafficTarget): number;
  };
  /** Evaluates all rules that are due now, without waiting for their time. */
  evaluateRules(): Promise<void>;
}

/**
 * Creates the Prometheus of the sandbox: the metrics of whatever runs in the clusters, with a month of history.
 *
 * @public
 */
export function createPrometheus(
  context: SandboxContext,
  options: PrometheusOptions,
): Prometheus {
  const now = options.now ?? Date.now;
  const clusters = [...options.clusters];
  const file = join(context.stateFolder, 'prometheus', 'state.json');
  let timer: NodeJS.Timeout | undefined;
  const write = (simulation: Simulation) => {
    simulation.forget(now() - RETENTION);
    writeStateFile(file, simulation.state);
  };
  const save = (simulation: Simulation) => {
    timer ??= setTimeout(() => {
      timer = undefined;
      try {
        write(simulation);
      } catch (error) {
        // It is written whole with the next change.
        context.log('prometheus', (error as Error).message);
      }
    }, WRITE_DELAY).unref();
  };
  const simulation = new Simulation({
    clusters,
    synthetic: options.workloads ?? (() => NO_WORKLOADS),
    state: readStateFile(file, stateSchema) ?? {
      epoch: now(),
      traffic: [],
      workloads: [],
    },
    now,
    changed: save,
  });
  const recorded = new RecordedSource();
  const source = joinSources(simulation.source, recorded);
  const engine = new QueryEngine({ source });
  const url = `${context.url}/prometheus`;
  const rules = new RuleManager({
    clusters,
    engine,
    recorded,
    url,
    now,
    notify: notices => options.notify?.(notices),
    log: message => context.log('prometheus', message),
  });
  const api = new PrometheusApi({
    engine,
    source,
    rules,
    simulation,
    now,
    startedAt: now(),
    alertmanagerUrl: `${context.url}/alertmanager`,
  });

  return {
    name: 'prometheus',
    path: '/prometheus',
    title: 'Prometheus',
    summary:
      'Stands in for Prometheus: the metrics of whatever runs in the clusters, their rules and alerts.',
    handler: createPrometheusHandler(api, context.token),
    renderError: (status, message) => ({
      contentType: 'application/json',
      body: renderPrometheusError(
        status === 503 ? 'timeout' : 'internal',
        message,
      ),
    }),
    traffic: {
      set(target, change) {
        simulation.traffic.set(target, change, now());
        save(simulation);
      },
      rateFactor: target => simulation.traffic.rateFactor(target),
      reset(target) {
        simulation.traffic.reset(target, now());
        save(simulation);
      },
    },
    evaluateRules: () => rules.evaluateDue(),
    async start() {
      simulation.start();
      rules.start();
    },
    async stop() {
      await rules.stop();
      simulation.stop();
      clearTimeout(timer);
      timer = undefined;
      write(simulation);
    },
  };
}

function joinSources(...sources: readonly SeriesSource[]): SeriesSource {
  return {
    *select(matchers, from, to) {
      for (const source of sources) {
        yield* source.select(matchers, from, to);
      }
    },
  };
}
