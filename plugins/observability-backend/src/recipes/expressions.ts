import {
  promql,
  Promql,
  promqlDuration,
  promqlSelector,
} from '@waystone/integrations';
import type { LabelConditions } from '@waystone/integrations';
import type { Recipe } from './Recipe';

/** The label by which the parts of one answer are told apart. */
export const PART_LABEL = 'waystone_part';

/** One service in one place, as conditions on the labels of a recipe. */
export interface ServicePlace {
  readonly cluster?: { readonly label: string; readonly value: string };
  readonly namespace: string;
  readonly service: string;
}

/** What is counted of the requests: all, the failed, or those that took at most so many seconds. */
export type Counted = 'requests' | 'errors' | { readonly fastSeconds: number };

/** Names of labels as they stand in a query; only for names of our own. */
export function labelList(...names: readonly (string | undefined)[]): Promql {
  return Promql.trusted(names.filter(name => name !== undefined).join(', '));
}

/** The conditions that select what belongs to one service. */
export function conditionsOf(
  recipe: Recipe,
  place: ServicePlace,
): LabelConditions {
  return {
    ...(place.cluster && { [place.cluster.label]: place.cluster.value }),
    [recipe.labels.namespace]: place.namespace,
    [recipe.labels.service]: place.service,
  };
}

/**
 * How many requests a second there were in a window, or of `increase` how many there were at all.
 *
 * @returns undefined if the recipe cannot tell
 */
export function countExpression(
  recipe: Recipe,
  options: {
    readonly counted: Counted;
    readonly by: Promql;
    readonly seconds: number;
    readonly conditions?: LabelConditions;
    readonly kind?: 'rate' | 'increase';
    readonly offset?: number;
  },
): Promql | undefined {
  const selector = selectCounted(recipe, options);
  const kind = Promql.trusted(options.kind ?? 'rate');
  return (
    selector &&
    promql`sum by (${options.by}) (${kind}(${selector}[${promqlDuration(
      options.seconds,
    )}]${offsetOf(options.offset)}))`
  );
}

function selectCounted(
  recipe: Recipe,
  options: {
    readonly counted: Counted;
    readonly conditions?: LabelConditions;
  },
): Promql | undefined {
  const { counted, conditions } = options;
  if (counted === 'requests' || counted === 'errors') {
    return promqlSelector(recipe.count, {
      ...recipe.where,
      ...(counted === 'errors' && recipe.errors),
      ...conditions,
    });
  }
  const { duration } = recipe;
  return (
    duration &&
    promqlSelector(duration.buckets, {
      ...(duration.where ?? recipe.where),
      le: {
        operator: '=~',
        value: boundaryPattern(counted.fastSeconds / duration.seconds),
      },
      ...conditions,
    })
  );
}

/** A quantile of how long requests take, in seconds. */
export function quantileExpression(
  recipe: Recipe,
  options: {
    readonly quantile: number;
    readonly by: Promql | undefined;
    readonly seconds: number;
    readonly conditions?: LabelConditions;
    readonly offset?: number;
  },
): Promql | undefined {
  const { duration } = recipe;
  if (!duration) {
    return undefined;
  }
  const selector = promqlSelector(duration.buckets, {
    ...(duration.where ?? recipe.where),
    ...options.conditions,
  });
  const labels = options.by ? promql`${options.by}, le` : promql`le`;
  const quantile = promql`histogram_quantile(${
    options.quantile
  }, sum by (${labels}) (rate(${selector}[${promqlDuration(
    options.seconds,
  )}]${offsetOf(options.offset)})))`;
  return duration.seconds === 1
    ? quantile
    : promql`${quantile} * ${duration.seconds}`;
}

/** Several expressions in one query, each marked with a name. */
export function unite(
  parts: readonly (readonly [name: string, expression: Promql])[],
): Promql | undefined {
  return parts
    .map(
      ([name, expression]) =>
        promql`label_replace(${expression}, ${PART_LABEL}, ${name}, "", "")`,
    )
    .reduce<Promql | undefined>(
      (all, part) => (all ? promql`${all} or ${part}` : part),
      undefined,
    );
}

/** A boundary as Prometheus writes it: `0.5`, and `1` or, since version 3, `1.0`. */
function boundaryPattern(value: number): string {
  const text = String(Number(value.toPrecision(12)));
  return Number.isInteger(value)
    ? `${text}([.]0)?`
    : text.replaceAll('.', '[.]');
}

function offsetOf(seconds: number | undefined): Promql {
  return seconds
    ? promql` offset ${promqlDuration(seconds)}`
    : Promql.trusted('');
}
