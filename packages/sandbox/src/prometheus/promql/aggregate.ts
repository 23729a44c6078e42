import {
  compareWithNaN,
  meanOf,
  quantileOf,
  CompensatedSum,
} from './arithmetic';
import type { Aggregation } from './Expression';
import { formatNumber } from './formatNumber';
import { Labels, METRIC_NAME } from './Labels';
import { PromqlError } from './PromqlError';
import type { QueryBudget } from './QueryBudget';
import { quote } from './quote';
import { createStepSeries } from './Value';
import type { StepSeries } from './Value';

interface Group {
  readonly labels: Labels;
  readonly members: StepSeries[];
}

/**
 * Combines the series of each group.
 *
 * @param parameters - the number of `topk`, `bottomk` and `quantile` at each step
 *
 * @internal
 */
export async function aggregate(
  node: Aggregation,
  input: readonly StepSeries[],
  parameters: Float64Array | undefined,
  steps: number,
  budget: QueryBudget,
): Promise<readonly StepSeries[]> {
  const groups = groupSeries(node, input);
  const { operator } = node;
  if (operator === 'topk' || operator === 'bottomk') {
    return groups.flatMap(group =>
      select(group, operator === 'topk', parameters!, steps),
    );
  }
  const output: StepSeries[] = [];
  for (const { labels, members } of groups) {
    const result = createStepSeries(labels, steps);
    // Enough for all members; only the first ones count at each step.
    const values = new Float64Array(members.length);
    for (let step = 0; step < steps; step++) {
      let count = 0;
      for (const { present, values: own } of members) {
        if (present[step] === 1) {
          values[count] = own[step];
          count++;
        }
      }
      if (count > 0) {
        result.present[step] = 1;
        result.values[step] = combine(
          operator,
          values,
          count,
          parameters?.[step] ?? 0,
        );
      }
      if (budget.due()) {
        await budget.pause();
      }
    }
    budget.spend(steps);
    output.push(result);
  }
  return output;
}

/** Counts how often each value occurs; the value becomes a label. */
export function countValues(
  node: Aggregation,
  input: readonly StepSeries[],
  label: string,
  steps: number,
): readonly StepSeries[] {
  if (label === '') {
    throw new PromqlError('execution', `invalid label name ${quote(label)}`);
  }
  const output = new Map<string, StepSeries>();
  for (const { labels, members } of groupSeries(node, input)) {
    for (const { present, values } of members) {
      for (let step = 0; step < steps; step++) {
        if (present[step] === 0) {
          continue;
        }
        const own = labels.with(label, formatNumber(values[step]));
        let result = output.get(own.key);
        if (!result) {
          result = createStepSeries(own, steps);
          output.set(own.key, result);
        }
        result.present[step] = 1;
        result.values[step] += 1;
      }
    }
  }
  return [...output.values()];
}

function groupSeries(
  { grouping, without }: Aggregation,
  input: readonly StepSeries[],
): Group[] {
  const groups = new Map<string, Group>();
  const dropped = without ? [...grouping, METRIC_NAME] : [];
  for (const series of input) {
    const { labels } = series;
    const ownLabels = without ? labels.drop(dropped) : undefined;
    const key =
      ownLabels?.key ?? grouping.map(name => labels.get(name)).join('\u0002');
    const group = groups.get(key);
    if (group) {
      group.members.push(series);
    } else {
      groups.set(key, {
        labels: ownLabels ?? labels.keep(grouping),
        members: [series],
      });
    }
  }
  return [...groups.values()];
}

function combine(
  operator: Aggregation['operator'],
  values: Float64Array,
  count: number,
  parameter: number,
): number {
  switch (operator) {
    case 'sum': {
      const sum = new CompensatedSum();
      for (let index = 0; index < count; index++) {
        sum.add(values[index]);
      }
      return sum.value;
    }
    case 'avg':
      return meanOf(values, count);
    case 'count':
      return count;
    case 'group':
      return 1;
    case 'min':
    case 'max':
      return extremeOf(values, count, operator === 'max');
    case 'stdvar':
      return varianceOf(values, count);
    case 'stddev':
      return Math.sqrt(varianceOf(values, count));
    default:
      return quantileOf(parameter, Array.from(values.subarray(0, count)));
  }
}

function extremeOf(
  values: Float64Array,
  count: number,
  largest: boolean,
): number {
  let best = values[0];
  for (let index = 1; index < count; index++) {
    const value = values[index];
    if ((largest ? best < value : best > value) || Number.isNaN(best)) {
      best = value;
    }
  }
  return best;
}

function varianceOf(values: Float64Array, count: number): number {
  if (!Number.isFinite(values[0])) {
    return NaN;
  }
  let mean = values[0];
  let squares = 0;
  for (let index = 1; index < count; index++) {
    const distance = values[index] - mean;
    mean += distance / (index + 1);
    squares += distance * (values[index] - mean);
  }
  return squares / count;
}

/** The series with the largest or smallest values, which keep their labels. */
function select(
  { members }: Group,
  largest: boolean,
  parameters: Float64Array,
  steps: number,
): StepSeries[] {
  const selected = new Map<StepSeries, StepSeries>();
  for (let step = 0; step < steps; step++) {
    checkCount(parameters[step]);
    const wanted = Math.min(Math.trunc(parameters[step]), members.length);
    if (wanted < 1) {
      continue;
    }
    const ranked = members
      .filter(({ present }) => present[step] === 1)
      .sort((left, right) =>
        compareForSelection(left.values[step], right.values[step], largest),
      );
    for (const member of ranked.slice(0, wanted)) {
      let result = selected.get(member);
      if (!result) {
        result = createStepSeries(member.labels, steps);
        selected.set(member, result);
      }
      result.present[step] = 1;
      result.values[step] = member.values[step];
    }
  }
  return [...selected.values()];
}

function compareForSelection(
  left: number,
  right: number,
  largest: boolean,
): number {
  if (Number.isNaN(left) || Number.isNaN(right)) {
    // Not a number is the last choice of both.
    return -compareWithNaN(left, right);
  }
  return largest ? right - left : left - right;
}

function checkCount(value: number): void {
  if (Number.isNaN(value)) {
    throw new PromqlError('execution', 'Parameter value is NaN');
  }
  if (Math.abs(value) >= 2 ** 63) {
    throw new PromqlError(
      'execution',
      `Scalar value ${formatNumber(value)} ${
        value > 0 ? 'overflows' : 'underflows'
      } int64`,
    );
  }
}
