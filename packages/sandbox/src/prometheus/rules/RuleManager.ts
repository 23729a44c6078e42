import type { KubernetesCluster } from '../../kubernetes/KubernetesCluster';
import type { QueryEngine } from '../promql/QueryEngine';
import { readRuleGroups } from './readRuleGroups';
import type { RecordedSource } from './RecordedSource';
import { RuleGroup } from './RuleGroup';
import type { ActiveAlert, RuleState } from './RuleGroup';

const PROMETHEUS_RULE = {
  apiVersion: 'monitoring.coreos.com/v1',
  kind: 'PrometheusRule',
};

/** How often a firing alert is told again, in milliseconds. */
const TELL_AGAIN = 60_000;

/**
 * An alert as it is told to Alertmanager.
 *
 * @internal
 */
export interface AlertNotice {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** In milliseconds. */
  readonly startsAt: number;
  readonly endsAt: number;
  readonly generatorUrl: string;
}

/**
 * Evaluates the rules of the PrometheusRule objects of all clusters, again and again.
 *
 * @internal
 */
export class RuleManager {
  readonly #options: RuleManagerOptions;
  readonly #groups = new Map<string, RuleGroup[]>();
  readonly #abort = new AbortController();
  #stops: (() => void)[] = [];
  #timer?: NodeJS.Timeout;
  #running = Promise.resolve();
  #evaluation = Promise.resolve();

  constructor(options: RuleManagerOptions) {
    this.#options = options;
  }

  /** Sorted by file and name. */
  get groups(): readonly RuleGroup[] {
    return [...this.#groups.values()]
      .flat()
      .sort(
        (left, right) =>
          compare(left.definition.file, right.definition.file) ||
          compare(left.definition.name, right.definition.name),
      );
  }

  start(): void {
    for (const cluster of this.#options.clusters) {
      this.#stops.push(this.#watch(cluster));
    }
    this.#schedule();
  }

  async stop(): Promise<void> {
    this.#stops.forEach(stop => stop());
    clearTimeout(this.#timer);
    this.#abort.abort();
    await this.#running;
  }

  /** Evaluates what is due, one call at a time. */
  async evaluateDue(): Promise<void> {
    const previous = this.#evaluation;
    this.#evaluation = previous
      .catch(() => undefined)
      .then(() => this.#evaluateDue());
    await this.#evaluation;
  }

  async #evaluateDue(): Promise<void> {
    const time = this.#options.now();
    for (const group of this.groups) {
      const last = group.lastEvaluation ?? -Infinity;
      if (time - last >= group.definition.interval - 500) {
        await group.evaluate(time, this.#abort.signal);
        if (this.#abort.signal.aborted) {
          return;
        }
        this.#tell(group, time);
      }
    }
  }

  #watch(cluster: KubernetesCluster): () => void {
    return cluster.watch(PROMETHEUS_RULE, ({ type, object }) => {
      const { namespace, name } = object.metadata;
      const key = `${cluster.name}/${namespace}/${name}`;
      const previous = this.#groups.get(key) ?? [];
      if (type === 'DELETED') {
        this.#groups.delete(key);
        previous.forEach(group => group.end(this.#options.now()));
        return;
      }
      const { engine, recorded } = this.#options;
      const groups = readRuleGroups(object).map(
        definition => new RuleGroup(definition, engine, recorded),
      );
      for (const group of groups) {
        const same = previous.find(
          ({ definition }) => definition.name === group.definition.name,
        );
        if (same) {
          group.adopt(same);
        }
      }
      this.#groups.set(key, groups);
    });
  }

  #schedule(): void {
    this.#timer = setTimeout(() => {
      this.#running = this.evaluateDue()
        .catch(error => {
          this.#options.log(`rules failed: ${(error as Error).message}`);
        })
        .then(() => {
          if (!this.#abort.signal.aborted) {
            this.#schedule();
          }
        });
    }, this.#options.tick ?? 5_000);
    this.#timer.unref();
  }

  #tell(group: RuleGroup, time: number): void {
    const validFor = 4 * Math.max(group.definition.interval, TELL_AGAIN);
    const notices: AlertNotice[] = [];
    for (const rule of group.rules) {
      for (const alert of rule.alerts.values()) {
        if (needsTelling(alert, time)) {
          alert.lastSentAt = time;
          notices.push({
            labels: alert.labels.toRecord(),
            annotations: alert.annotations,
            startsAt: alert.firedAt!,
            endsAt: alert.resolvedAt ?? time + validFor,
            generatorUrl: this.#generatorUrl(rule),
          });
        }
      }
    }
    if (notices.length > 0) {
      this.#options.notify(notices);
    }
  }

  #generatorUrl({ definition }: RuleState): string {
    const query = encodeURIComponent(definition.query).replaceAll('%20', '+');
    return `${this.#options.url}/graph?g0.expr=${query}&g0.tab=1`;
  }
}

/** @internal */
export interface RuleManagerOptions {
  readonly clusters: Iterable<KubernetesCluster>;
  readonly engine: QueryEngine;
  readonly recorded: RecordedSource;
  /** Where Prometheus is reached. */
  readonly url: string;
  readonly now: () => number;
  /** How often it is looked whether something is due. @defaultValue 5 seconds */
  readonly tick?: number;
  /** Tells Alertmanager. */
  notify(notices: readonly AlertNotice[]): void;
  log(message: string): void;
}

function needsTelling(alert: ActiveAlert, time: number): boolean {
  if (alert.state === 'pending' || alert.firedAt === undefined) {
    return false;
  }
  if (
    alert.resolvedAt !== undefined &&
    alert.resolvedAt > (alert.lastSentAt ?? -Infinity)
  ) {
    return true;
  }
  return time - (alert.lastSentAt ?? -Infinity) >= TELL_AGAIN;
}

function compare(left: string, right: string): number {
  if (left === right) {
    return 0;
  }
  return left < right ? -1 : 1;
}
