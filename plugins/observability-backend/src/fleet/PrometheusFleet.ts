import { UpstreamError } from '@waystone/integrations';
import type {
  PrometheusClient,
  PrometheusSample,
} from '@waystone/integrations';
import type { Freshness } from '@waystone/plugin-observability-common';
import { PART_LABEL } from '../recipes/expressions';
import type { Recipe } from '../recipes/Recipe';
import { findRecipe, RECIPES } from '../recipes/recipes';
import { Backfill } from './Backfill';
import {
  durationQuery,
  OBJECTIVES_PART,
  pastQuery,
  presentQuery,
  recipeMetrics,
} from './fleetQueries';
import type { FleetScope } from './fleetQueries';
import { readRuledObjective } from './readRuledObjective';
import {
  RequestSignals,
  TREND_STEP,
  TREND_STEPS,
  WINDOW_STEP,
} from './WorkloadSignals';
import type { Workload } from './WorkloadSignals';

/** How often it is looked which metrics there are, in milliseconds. */
const DISCOVERY_MS = 10 * 60_000;

/** A clock that is less far off is taken for right, in seconds. */
const SKEW = 30;

/** What {@link PrometheusFleet} is told. */
export interface PrometheusFleetOptions {
  readonly client: PrometheusClient;
  /** The label that says in which cluster something runs. */
  readonly clusterLabel: string;
  /** The cluster of what has no such label. */
  readonly cluster?: string;
  /** How many days the longest window of an objective has. */
  readonly windowDays: number;
}

/** @internal */
export interface RefreshOptions {
  /** Of all objectives of latency, in seconds. */
  readonly thresholds: ReadonlySet<number>;
  readonly signal: AbortSignal;
}

/**
 * The requests to all services that one Prometheus knows, in memory.
 *
 * @remarks
 * A refresh asks for all services at once, and for the past only once: five queries at most, two most of the time,
 * whatever the number of services and readers.
 */
export class PrometheusFleet {
  readonly source: string;
  readonly trend: Backfill;
  readonly window: Backfill;
  readonly #options: PrometheusFleetOptions;
  readonly #workloads = new Map<string, Workload>();
  #recipes: readonly Recipe[] = [];
  #discoveredAt = 0;
  #observedAt?: number;
  #failure?: string;
  #skew = 0;

  static create(options: PrometheusFleetOptions): PrometheusFleet {
    return new PrometheusFleet(options);
  }

  private constructor(options: PrometheusFleetOptions) {
    this.#options = options;
    this.source = `prometheus/${options.client.instance}`;
    this.trend = new Backfill({ step: TREND_STEP, steps: TREND_STEPS });
    this.window = new Backfill({
      step: WINDOW_STEP,
      steps: (options.windowDays * 86_400) / WINDOW_STEP,
    });
  }

  get client(): PrometheusClient {
    return this.#options.client;
  }

  get clusterLabel(): string {
    return this.#options.clusterLabel;
  }

  get workloads(): Iterable<Workload> {
    return this.#workloads.values();
  }

  /** The time there, in seconds since 1970: what its clock says, if ours is far off. */
  now(): number {
    return Date.now() / 1000 + this.#skew;
  }

  /** How far its clock is ahead of ours, in seconds; 0 if it is close enough. */
  get skew(): number {
    return this.#skew;
  }

  get freshness(): Freshness {
    return {
      source: this.source,
      observedAt:
        this.#observedAt === undefined
          ? undefined
          : new Date(this.#observedAt).toISOString(),
      stale: this.#failure !== undefined,
      reason: this.#failure,
    };
  }

  /** Reads what has changed. If that fails, what is known stays, and {@link freshness} says why. */
  async refresh(options: RefreshOptions): Promise<void> {
    try {
      await this.#discover(options.signal);
      await this.#readPresent(options);
      this.#observedAt = Date.now();
      this.#failure = undefined;
      await this.#readPast('trend', options);
      await this.#readPast('window', options);
    } catch (error) {
      this.#failure = error instanceof Error ? error.message : String(error);
    }
  }

  #scope({ thresholds }: RefreshOptions): FleetScope {
    return {
      recipes: this.#recipes,
      clusterLabel: this.clusterLabel,
      thresholds,
    };
  }

  /** Which recipes there are metrics of. */
  async #discover(signal: AbortSignal): Promise<void> {
    if (
      this.#recipes.length > 0 &&
      Date.now() - this.#discoveredAt < DISCOVERY_MS
    ) {
      return;
    }
    const { items } = await this.client.labelValues('__name__', {
      match: [recipeMetrics(RECIPES)],
      start: this.now() - 3600,
      end: this.now(),
      signal,
    });
    const recipes = RECIPES.filter(({ count }) => items.includes(count));
    if (recipes.some(recipe => !this.#recipes.includes(recipe))) {
      // Of these nothing is known of the past.
      this.trend.reset();
      this.window.reset();
    }
    this.#recipes = recipes;
    this.#discoveredAt = Date.now();
  }

  async #readPresent(options: RefreshOptions): Promise<void> {
    const scope = this.#scope(options);
    const { signal } = options;
    const durations = durationQuery(scope);
    const answers = await Promise.all([
      this.client.query(presentQuery(scope), { signal }),
      durations && this.client.query(durations, { signal }),
    ]);
    this.#forgetPresent();
    const samples = answers.flatMap(answer =>
      answer?.type === 'vector' ? answer.series : [],
    );
    this.#checkClock(samples);
    samples.forEach(sample => this.#keepPresent(sample));
    this.#forgetGone();
    this.#keepObjectives(samples);
  }

  #forgetPresent(): void {
    for (const workload of this.#workloads.values()) {
      for (const signals of workload.signals.values()) {
        signals.now.clear();
        signals.p95Seconds = undefined;
      }
    }
  }

  /** What has neither a present nor a past is not there any more. */
  #forgetGone(): void {
    const last = this.window.last(this.now());
    for (const [key, { signals }] of this.#workloads) {
      for (const [id, { now, window }] of signals) {
        if (
          now.size === 0 &&
          window.sum('requests', last - window.length + 1, last) ===
            undefined &&
          this.window.known > 0
        ) {
          signals.delete(id);
        }
      }
      if (signals.size === 0) {
        this.#workloads.delete(key);
      }
    }
  }

  #keepPresent({ metric, value }: PrometheusSample): void {
    if (!value || !Number.isFinite(value.value)) {
      return;
    }
    const found = this.#find(metric);
    if (found?.kind === 'p95') {
      found.signals.p95Seconds = value.value;
    } else {
      found?.signals.now.set(found.kind, value.value);
    }
  }

  /** A rule knows its namespace. In which cluster that is, it need not say. */
  #keepObjectives(samples: readonly PrometheusSample[]): void {
    const nameOf = (place: { namespace?: string; service?: string }) =>
      JSON.stringify([place.namespace, place.service]);
    const byName = new Map<string, PrometheusSample[]>();
    for (const sample of samples) {
      if (sample.metric[PART_LABEL] === OBJECTIVES_PART) {
        const name = nameOf(sample.metric);
        byName.set(name, [...(byName.get(name) ?? []), sample]);
      }
    }
    for (const workload of this.#workloads.values()) {
      workload.objectives = (byName.get(nameOf(workload)) ?? [])
        .flatMap(({ metric, value }) => {
          const cluster = metric[this.clusterLabel] || workload.cluster;
          return cluster === workload.cluster && value
            ? readRuledObjective(metric, value.value) ?? []
            : [];
        })
        .sort((left, right) => left.name.localeCompare(right.name));
    }
  }

  async #readPast(
    history: 'trend' | 'window',
    options: RefreshOptions,
  ): Promise<void> {
    const scope = this.#scope(options);
    const wanted = this[history].next(
      this.now(),
      [...scope.thresholds].sort().join(),
    );
    const query = wanted && pastQuery(scope, wanted.step);
    if (!wanted || !query) {
      return;
    }
    try {
      const { series } = await this.client.queryRange(query, {
        // The value at the end of a step is that of the step.
        start: (wanted.from + 1) * wanted.step,
        end: (wanted.to + 1) * wanted.step,
        step: wanted.step,
        signal: options.signal,
      });
      for (const { metric, values } of series) {
        const found = this.#find(metric);
        for (const { time, value } of values) {
          if (found && Number.isFinite(value)) {
            found.signals[history].set(
              found.kind,
              Math.round(time / wanted.step) - 1,
              value,
            );
          }
        }
      }
      this[history].done(wanted);
    } catch (error) {
      if (!isTooMuch(error)) {
        throw error;
      }
      this[history].tooMuch(wanted, this.now());
    }
  }

  /** Where a series belongs, and what it is. */
  #find(metric: Readonly<Record<string, string>>) {
    const [id, ...kind] = (metric[PART_LABEL] ?? '').split(' ');
    const recipe = findRecipe(id);
    const workload = recipe && this.#workloadOf(metric, recipe.labels);
    if (!workload) {
      return undefined;
    }
    let signals = workload.signals.get(id);
    if (!signals) {
      signals = new RequestSignals(
        (this.#options.windowDays * 86_400) / WINDOW_STEP,
      );
      workload.signals.set(id, signals);
    }
    return { signals, kind: kind.join(' ') };
  }

  #workloadOf(
    metric: Readonly<Record<string, string>>,
    labels: Recipe['labels'],
  ): Workload | undefined {
    const namespace = metric[labels.namespace];
    const service = metric[labels.service];
    if (!namespace || !service) {
      return undefined;
    }
    const cluster = metric[this.clusterLabel] || this.#options.cluster;
    const key = JSON.stringify([cluster, namespace, service]);
    let workload = this.#workloads.get(key);
    if (!workload) {
      workload = {
        source: this.source,
        cluster,
        labelled: Boolean(metric[this.clusterLabel]),
        namespace,
        service,
        signals: new Map(),
        objectives: [],
      };
      this.#workloads.set(key, workload);
    }
    return workload;
  }

  #checkClock([sample]: readonly PrometheusSample[]): void {
    if (sample?.value) {
      const skew = sample.value.time - Date.now() / 1000;
      this.#skew = Math.abs(skew) > SKEW ? skew : 0;
    }
  }
}

/** Whether it would have answered if it was asked for less. */
function isTooMuch(error: unknown): boolean {
  return (
    error instanceof UpstreamError &&
    ['failed', 'timeout', 'too-large', 'invalid'].includes(error.code)
  );
}
