import { promql, Promql, promqlSelector } from '@waystone/integrations';
import {
  countExpression,
  labelList,
  quantileExpression,
  unite,
} from '../recipes/expressions';
import type { Counted } from '../recipes/expressions';
import type { Recipe } from '../recipes/Recipe';
import { fastKind, SHORT_WINDOWS } from './WorkloadSignals';

/** What rules of an application record of its promises. */
export const OBJECTIVES = 'application:objective:ratio';

/** The name of the part of an answer that has the objectives. */
export const OBJECTIVES_PART = 'objectives';

/** What the queries are made of. */
export interface FleetScope {
  readonly recipes: readonly Recipe[];
  /** The label that says in which cluster something runs. */
  readonly clusterLabel: string;
  /** Of all objectives of latency, in seconds. */
  readonly thresholds: ReadonlySet<number>;
}

/** The names of metrics by which a recipe is known to be in use. */
export function recipeMetrics(recipes: readonly Recipe[]): Promql {
  return promqlSelector(undefined, {
    __name__: [...new Set(recipes.map(({ count }) => count))],
  });
}

/** Requests, failures and fast requests now, and what is promised. Parts are `<recipe> <window> <kind>`. */
export function presentQuery(scope: FleetScope): Promql {
  const { clusterLabel } = scope;
  const promised = promql`max by (${labelList(
    clusterLabel,
    'namespace',
    'service',
    'slo',
    'window',
    'threshold',
  )}) (${promqlSelector(OBJECTIVES)})`;
  return unite([
    ...Object.entries(SHORT_WINDOWS).flatMap(([window, seconds]) =>
      countParts(scope, { seconds, prefix: `${window} `, kind: 'rate' }),
    ),
    [OBJECTIVES_PART, promised],
  ])!;
}

/** The 95th percentile now. Parts are `<recipe> p95`. */
export function durationQuery(scope: FleetScope): Promql | undefined {
  return unite(
    scope.recipes.flatMap(recipe => {
      const expression = quantileExpression(recipe, {
        quantile: 0.95,
        by: labelsOf(recipe, scope),
        seconds: 300,
      });
      return expression ? [[`${recipe.id} p95`, expression] as const] : [];
    }),
  );
}

/** What was counted within steps. Parts are `<recipe> <kind>`. */
export function pastQuery(
  scope: FleetScope,
  seconds: number,
): Promql | undefined {
  return unite(countParts(scope, { seconds, prefix: '', kind: 'increase' }));
}

function countParts(
  scope: FleetScope,
  options: {
    readonly seconds: number;
    readonly prefix: string;
    readonly kind: 'rate' | 'increase';
  },
) {
  const { kind, prefix, seconds } = options;
  const kinds: (readonly [string, Counted])[] = [
    ['requests', 'requests'],
    ['errors', 'errors'],
    ...[...scope.thresholds].map(
      fastSeconds => [fastKind(fastSeconds), { fastSeconds }] as const,
    ),
  ];
  return scope.recipes.flatMap(recipe =>
    kinds.flatMap(([name, counted]) => {
      const expression = countExpression(recipe, {
        counted,
        by: labelsOf(recipe, scope),
        seconds,
        kind,
      });
      return expression
        ? [[`${recipe.id} ${prefix}${name}`, expression] as const]
        : [];
    }),
  );
}

function labelsOf({ labels }: Recipe, { clusterLabel }: FleetScope): Promql {
  return labelList(clusterLabel, labels.namespace, labels.service);
}
