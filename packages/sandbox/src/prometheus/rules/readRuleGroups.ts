import { z } from 'zod';
import type { KubernetesObject } from '../../kubernetes/KubernetesCluster';
import { parseDuration } from '../promql/duration';
import type { Expression } from '../promql/Expression';
import { formatExpression } from '../promql/formatExpression';
import { parseQuery } from '../promql/parseQuery';

/**
 * A rule as a PrometheusRule declares it.
 *
 * @internal
 */
export interface RuleDefinition {
  readonly type: 'alerting' | 'recording';
  readonly name: string;
  /** As it is evaluated and shown. */
  readonly query: string;
  /** Why it cannot be evaluated. */
  readonly problem?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** In milliseconds. */
  readonly holdFor: number;
  readonly keepFiringFor: number;
}

/** @internal */
export interface RuleGroupDefinition {
  readonly name: string;
  readonly file: string;
  /** In milliseconds. */
  readonly interval: number;
  readonly limit: number;
  readonly rules: readonly RuleDefinition[];
}

const duration = z
  .string()
  .optional()
  .transform(text => (text && parseDuration(text)) || 0);

const labels = z.record(z.string(), z.string()).default({});

const schema = z.object({
  groups: z
    .array(
      z.object({
        name: z.string(),
        interval: duration,
        limit: z.number().default(0),
        labels,
        rules: z
          .array(
            z.object({
              alert: z.string().optional(),
              record: z.string().optional(),
              expr: z.union([z.string(), z.number()]).transform(String),
              for: duration,
              keep_firing_for: duration,
              labels,
              annotations: labels,
            }),
          )
          .default([]),
      }),
    )
    .default([]),
});

/** How often rules are evaluated that do not say, in milliseconds. */
export const DEFAULT_INTERVAL = 30_000;

/** The groups of a PrometheusRule object; none if it cannot be read. */
export function readRuleGroups(
  object: KubernetesObject,
): RuleGroupDefinition[] {
  const parsed = schema.safeParse(object.spec ?? {});
  const { namespace, name, uid } = object.metadata;
  const file = `/etc/prometheus/rules/prometheus-k8s-rulefiles-0/${namespace}-${name}-${uid}.yaml`;
  return (parsed.data?.groups ?? []).map(group => ({
    name: group.name,
    file,
    interval: group.interval || DEFAULT_INTERVAL,
    limit: group.limit,
    rules: group.rules.map(rule => ({
      type: rule.alert === undefined ? ('recording' as const) : 'alerting',
      name: rule.alert ?? rule.record ?? '',
      ...normalize(rule.expr),
      labels: { ...group.labels, ...rule.labels },
      annotations: rule.annotations,
      holdFor: rule.for,
      keepFiringFor: rule.keep_firing_for,
    })),
  }));
}

function normalize(query: string): { query: string; problem?: string } {
  let expression: Expression;
  try {
    expression = parseQuery(query);
  } catch (error) {
    return { query, problem: (error as Error).message };
  }
  return { query: formatExpression(expression) };
}
