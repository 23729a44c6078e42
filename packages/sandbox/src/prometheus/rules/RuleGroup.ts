import { Labels, METRIC_NAME } from '../promql/Labels';
import type { QueryEngine } from '../promql/QueryEngine';
import { PromqlError } from '../promql/PromqlError';
import { expandTemplate } from './expandTemplate';
import type { RuleDefinition, RuleGroupDefinition } from './readRuleGroups';
import type { RecordedSource } from './RecordedSource';

/**
 * An alert of a rule.
 *
 * @internal
 */
export interface ActiveAlert {
  readonly labels: Labels;
  annotations: Readonly<Record<string, string>>;
  state: 'pending' | 'firing' | 'inactive';
  value: number;
  /** All times are in milliseconds. */
  readonly activeAt: number;
  firedAt?: number;
  resolvedAt?: number;
  keepFiringSince?: number;
  lastSentAt?: number;
}

/** A rule and how its last evaluation went. @internal */
export interface RuleState {
  readonly definition: RuleDefinition;
  readonly alerts: Map<string, ActiveAlert>;
  /** What was recorded the last time. */
  recorded: Map<string, Labels>;
  health: 'unknown' | 'ok' | 'err';
  lastError?: string;
  lastEvaluation?: number;
  /** In seconds. */
  evaluationTime: number;
}

/** How long an alert that ended is still told to Alertmanager, in milliseconds. */
const TELL_RESOLVED = 15 * 60_000;

/**
 * The rules of one group, evaluated one after another.
 *
 * @internal
 */
export class RuleGroup {
  readonly definition: RuleGroupDefinition;
  readonly rules: readonly RuleState[];
  lastEvaluation?: number;
  evaluationTime = 0;
  readonly #engine: QueryEngine;
  readonly #recorded: RecordedSource;

  constructor(
    definition: RuleGroupDefinition,
    engine: QueryEngine,
    recorded: RecordedSource,
  ) {
    this.definition = definition;
    this.#engine = engine;
    this.#recorded = recorded;
    this.rules = definition.rules.map(rule => ({
      definition: rule,
      alerts: new Map(),
      recorded: new Map(),
      health: 'unknown',
      evaluationTime: 0,
    }));
  }

  /** Takes over what the same rules knew before their object changed. */
  adopt(previous: RuleGroup): void {
    for (const rule of this.rules) {
      const same = previous.rules.find(
        ({ definition }) =>
          JSON.stringify(definition) === JSON.stringify(rule.definition),
      );
      same?.alerts.forEach((alert, key) => rule.alerts.set(key, alert));
    }
  }

  async evaluate(time: number, signal: AbortSignal): Promise<void> {
    const started = performance.now();
    for (const rule of this.rules) {
      const ruleStarted = performance.now();
      try {
        if (rule.definition.problem) {
          throw new PromqlError('bad_data', rule.definition.problem);
        }
        if (rule.definition.type === 'alerting') {
          await this.#evaluateAlert(rule, time, signal);
        } else {
          await this.#record(rule, time, signal);
        }
        rule.health = 'ok';
        rule.lastError = undefined;
      } catch (error) {
        if (signal.aborted) {
          return;
        }
        rule.health = 'err';
        rule.lastError = (error as Error).message;
      }
      rule.lastEvaluation = time;
      rule.evaluationTime = (performance.now() - ruleStarted) / 1000;
    }
    this.lastEvaluation = time;
    this.evaluationTime = (performance.now() - started) / 1000;
  }

  /** Ends all series, when the group is no more. */
  end(time: number): void {
    for (const rule of this.rules) {
      rule.recorded.forEach(labels =>
        this.#recorded.append(labels, time, undefined),
      );
    }
  }

  async #query(query: string, time: number, signal: AbortSignal) {
    const result = await this.#engine.queryInstant(query, time, { signal });
    if (result.type === 'scalar') {
      return [{ labels: Labels.EMPTY, value: result.point.value }];
    }
    if (result.type !== 'vector') {
      throw new PromqlError(
        'execution',
        'rule result is not a vector or scalar',
      );
    }
    return result.series.map(({ labels, point }) => ({
      labels,
      value: point.value,
    }));
  }

  #checkLimit(count: number, what: string): void {
    const { limit } = this.definition;
    if (limit > 0 && count > limit) {
      throw new PromqlError(
        'execution',
        `exceeded limit of ${limit} with ${count} ${what}`,
      );
    }
  }

  async #record(
    rule: RuleState,
    time: number,
    signal: AbortSignal,
  ): Promise<void> {
    const { definition } = rule;
    const results = await this.#query(definition.query, time, signal);
    const recorded = new Map<string, Labels>();
    const samples = results.map(({ labels, value }) => {
      const own = Labels.of({
        ...labels.toRecord(),
        ...definition.labels,
        [METRIC_NAME]: definition.name,
      });
      if (recorded.has(own.key)) {
        throw new PromqlError(
          'execution',
          'vector contains metrics with the same labelset after applying rule labels',
        );
      }
      recorded.set(own.key, own);
      return { own, value };
    });
    this.#checkLimit(samples.length, 'series');
    samples.forEach(({ own, value }) =>
      this.#recorded.append(own, time, value),
    );
    this.#endMissing(rule, recorded, time);
  }

  #endMissing(
    rule: RuleState,
    recorded: Map<string, Labels>,
    time: number,
  ): void {
    for (const [key, labels] of rule.recorded) {
      if (!recorded.has(key)) {
        this.#recorded.append(labels, time, undefined);
      }
    }
    rule.recorded = recorded;
  }

  async #evaluateAlert(
    rule: RuleState,
    time: number,
    signal: AbortSignal,
  ): Promise<void> {
    const { definition, alerts } = rule;
    const results = await this.#query(definition.query, time, signal);
    const seen = new Set<string>();
    for (const { labels, value } of results) {
      const data = { labels: labels.toRecord(), value };
      const own = Labels.of({
        ...labels.withoutName().toRecord(),
        ...expandAll(definition.labels, data),
        alertname: definition.name,
      });
      if (seen.has(own.key)) {
        throw new PromqlError(
          'execution',
          'vector contains metrics with the same labelset after applying alert labels',
        );
      }
      seen.add(own.key);
      const annotations = expandAll(definition.annotations, data);
      const known = alerts.get(own.key);
      if (known && known.state !== 'inactive') {
        known.value = value;
        known.annotations = annotations;
        known.keepFiringSince = undefined;
      } else {
        alerts.set(own.key, {
          labels: own,
          annotations,
          state: 'pending',
          value,
          activeAt: time,
        });
      }
    }
    for (const [key, alert] of alerts) {
      if (seen.has(key)) {
        if (
          alert.state === 'pending' &&
          time - alert.activeAt >= definition.holdFor
        ) {
          alert.state = 'firing';
          alert.firedAt = time;
        }
      } else {
        this.#resolve(rule, key, alert, time);
      }
    }
    this.#checkLimit(seen.size, 'alerts');
    this.#writeAlerts(rule, time);
  }

  #resolve(
    { definition, alerts }: RuleState,
    key: string,
    alert: ActiveAlert,
    time: number,
  ): void {
    if (alert.state === 'firing' && definition.keepFiringFor > 0) {
      alert.keepFiringSince ??= time;
      if (time - alert.keepFiringSince < definition.keepFiringFor) {
        return;
      }
    }
    if (
      alert.state === 'pending' ||
      (alert.resolvedAt !== undefined &&
        time - alert.resolvedAt > TELL_RESOLVED)
    ) {
      alerts.delete(key);
    } else if (alert.state === 'firing') {
      alert.state = 'inactive';
      alert.resolvedAt = time;
    }
  }

  #writeAlerts(rule: RuleState, time: number): void {
    const recorded = new Map<string, Labels>();
    for (const { labels, state, activeAt } of rule.alerts.values()) {
      if (state === 'inactive') {
        continue;
      }
      const own = labels.toRecord();
      const samples: [Labels, number][] = [
        [Labels.of({ ...own, [METRIC_NAME]: 'ALERTS', alertstate: state }), 1],
        [
          Labels.of({ ...own, [METRIC_NAME]: 'ALERTS_FOR_STATE' }),
          activeAt / 1000,
        ],
      ];
      for (const [series, value] of samples) {
        recorded.set(series.key, series);
        this.#recorded.append(series, time, value);
      }
    }
    this.#endMissing(rule, recorded, time);
  }
}

function expandAll(
  templates: Readonly<Record<string, string>>,
  data: { labels: Record<string, string>; value: number },
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(templates).map(([name, template]) => [
      name,
      expandTemplate(template, data),
    ]),
  );
}
