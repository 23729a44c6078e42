import type { Labels } from './Labels';
import { PromqlError } from './PromqlError';

/**
 * One series of a result: a value or none for each step of the query.
 *
 * @internal
 */
export interface StepSeries {
  readonly labels: Labels;
  readonly values: Float64Array;
  /** 1 where there is a value. */
  readonly present: Uint8Array;
}

/**
 * What an expression comes to, at all steps of the query.
 *
 * @internal
 */
export type Value =
  | { readonly type: 'scalar'; readonly values: Float64Array }
  | { readonly type: 'vector'; readonly series: readonly StepSeries[] }
  | { readonly type: 'string'; readonly value: string };

/** A series without values yet. */
export function createStepSeries(labels: Labels, steps: number): StepSeries {
  return {
    labels,
    values: new Float64Array(steps),
    present: new Uint8Array(steps),
  };
}

/**
 * Joins series whose labels became the same.
 *
 * @throws {@link PromqlError} if two of them have a value at the same step.
 */
export function mergeSameLabels(
  series: readonly StepSeries[],
): readonly StepSeries[] {
  if (series.length < 2) {
    return series;
  }
  const byKey = new Map<string, StepSeries>();
  for (const item of series) {
    const other = byKey.get(item.labels.key);
    if (!other) {
      byKey.set(item.labels.key, item);
      continue;
    }
    const joined: StepSeries = {
      labels: item.labels,
      values: other.values.slice(),
      present: other.present.slice(),
    };
    for (let step = 0; step < item.present.length; step++) {
      if (item.present[step] === 0) {
        continue;
      }
      if (joined.present[step] === 1) {
        throw new PromqlError(
          'execution',
          'vector cannot contain metrics with the same labelset',
        );
      }
      joined.present[step] = 1;
      joined.values[step] = item.values[step];
    }
    byKey.set(item.labels.key, joined);
  }
  return byKey.size === series.length ? series : [...byKey.values()];
}

/** Whether there is a value at any step. */
export function hasValues(series: StepSeries): boolean {
  return series.present.includes(1);
}
