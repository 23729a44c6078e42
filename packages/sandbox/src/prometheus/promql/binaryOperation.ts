import { power } from './arithmetic';
import type { Binary, SetOperator, VectorMatching } from './Expression';
import { isComparison } from './Expression';
import { compareLabels, METRIC_NAME } from './Labels';
import type { Labels } from './Labels';
import { PromqlError } from './PromqlError';
import type { QueryBudget } from './QueryBudget';
import { createStepSeries, hasValues, mergeSameLabels } from './Value';
import type { StepSeries } from './Value';

/** Computes with two numbers; a comparison yields 1 or 0. */
export function operate(
  operator: Binary['operator'],
  left: number,
  right: number,
): number {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    case '%':
      return left % right;
    case '^':
      return power(left, right);
    case 'atan2':
      return Math.atan2(left, right);
    case '==':
      return Number(left === right);
    case '!=':
      return Number(left !== right);
    case '>':
      return Number(left > right);
    case '<':
      return Number(left < right);
    case '>=':
      return Number(left >= right);
    default:
      return Number(left <= right);
  }
}

/** An operation between a vector and a number per step. */
export function operateWithScalar(
  { operator, bool }: Binary,
  vector: readonly StepSeries[],
  scalar: Float64Array,
  scalarIsLeft: boolean,
): readonly StepSeries[] {
  const comparison = isComparison(operator);
  const dropsName = !comparison || bool;
  const output = vector.map(({ labels, values, present }) => {
    const result = createStepSeries(
      dropsName ? labels.withoutName() : labels,
      values.length,
    );
    for (let step = 0; step < values.length; step++) {
      if (present[step] === 0) {
        continue;
      }
      const value = scalarIsLeft
        ? operate(operator, scalar[step], values[step])
        : operate(operator, values[step], scalar[step]);
      if (comparison && !bool) {
        result.present[step] = value;
        result.values[step] = values[step];
      } else {
        result.present[step] = 1;
        result.values[step] = value;
      }
    }
    return result;
  });
  return dropsName ? mergeSameLabels(output) : output.filter(hasValues);
}

/** What the labels that count have in common for two series that match. */
function signatureOf(labels: Labels, { on, labels: names }: VectorMatching) {
  if (on) {
    return names.map(name => labels.get(name)).join('\u0002');
  }
  return labels.drop([...names, METRIC_NAME]).key;
}

/** `and`, `or` and `unless`. */
export function combineSets(
  operator: SetOperator,
  left: readonly StepSeries[],
  right: readonly StepSeries[],
  matching: VectorMatching,
  steps: number,
): readonly StepSeries[] {
  const deciding = operator === 'or' ? left : right;
  const presence = new Map<string, Uint8Array>();
  for (const { labels, present } of deciding) {
    const signature = signatureOf(labels, matching);
    const known = presence.get(signature) ?? new Uint8Array(steps);
    for (let step = 0; step < steps; step++) {
      known[step] |= present[step];
    }
    presence.set(signature, known);
  }
  const filtered = (operator === 'or' ? right : left).map(series => {
    const other = presence.get(signatureOf(series.labels, matching));
    const keepsPresent = operator === 'and';
    return {
      ...series,
      present: series.present.map((present, step) =>
        present === 1 && (other?.[step] === 1) === keepsPresent ? 1 : 0,
      ),
    };
  });
  return operator === 'or'
    ? mergeSameLabels([...left, ...filtered.filter(hasValues)])
    : filtered.filter(hasValues);
}

class OutputSeries {
  readonly #steps: number;
  readonly #byKey = new Map<string, StepSeries>();

  constructor(steps: number) {
    this.#steps = steps;
  }

  set(labels: Labels, step: number, value: number): void {
    let series = this.#byKey.get(labels.key);
    if (!series) {
      series = createStepSeries(labels, this.#steps);
      this.#byKey.set(labels.key, series);
    }
    if (series.present[step] === 1) {
      throw new PromqlError(
        'execution',
        'vector cannot contain metrics with the same labelset',
      );
    }
    series.present[step] = 1;
    series.values[step] = value;
  }

  get series(): readonly StepSeries[] {
    return [...this.#byKey.values()];
  }
}

/** An operation between the series of two vectors that match. */
export async function operateOnVectors(
  node: Binary,
  leftInput: readonly StepSeries[],
  rightInput: readonly StepSeries[],
  steps: number,
  budget: QueryBudget,
): Promise<readonly StepSeries[]> {
  const matching = node.matching!;
  const swapped = matching.cardinality === 'one-to-many';
  const many = swapped ? rightInput : leftInput;
  const one = swapped ? leftInput : rightInput;
  const ones = new Map<string, StepSeries[]>();
  for (const series of one) {
    const signature = signatureOf(series.labels, matching);
    const known = ones.get(signature);
    if (known) {
      known.push(series);
    } else {
      ones.set(signature, [series]);
    }
  }
  checkDuplicates(one, ones, matching, swapped, steps);

  const output = new OutputSeries(steps);
  const comparison = isComparison(node.operator);
  const matchedOnce = new Map<string, Uint8Array>();
  for (const series of many) {
    const signature = signatureOf(series.labels, matching);
    for (const partner of ones.get(signature) ?? []) {
      const labels = resultLabels(node, series.labels, partner.labels);
      // Whatever the operation leaves out still counts as matched.
      const guardKey =
        matching.cardinality === 'one'
          ? signature
          : `${signature}\u0003${labels.key}`;
      const guard = matchedOnce.get(guardKey) ?? new Uint8Array(steps);
      matchedOnce.set(guardKey, guard);
      for (let step = 0; step < steps; step++) {
        if (series.present[step] === 0 || partner.present[step] === 0) {
          continue;
        }
        if (guard[step] === 1) {
          throw new PromqlError(
            'execution',
            matching.cardinality === 'one'
              ? 'multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)'
              : 'multiple matches for labels: grouping labels must ensure unique matches',
          );
        }
        guard[step] = 1;
        const left = swapped ? partner.values[step] : series.values[step];
        const right = swapped ? series.values[step] : partner.values[step];
        const value = operate(node.operator, left, right);
        if (!comparison || node.bool) {
          output.set(labels, step, value);
        } else if (value === 1) {
          output.set(labels, step, left);
        }
      }
      if (budget.due()) {
        await budget.pause();
      }
    }
  }
  return output.series;
}

function checkDuplicates(
  series: readonly StepSeries[],
  bySignature: ReadonlyMap<string, readonly StepSeries[]>,
  matching: VectorMatching,
  swapped: boolean,
  steps: number,
): void {
  if (bySignature.size === series.length) {
    return;
  }
  const sorted = [...series].sort((left, right) =>
    compareLabels(left.labels, right.labels),
  );
  for (let step = 0; step < steps; step++) {
    const seen = new Map<string, Labels>();
    for (const { labels, present } of sorted) {
      if (present[step] === 0) {
        continue;
      }
      const signature = signatureOf(labels, matching);
      const other = seen.get(signature);
      if (other) {
        const group = matching.on
          ? labels.keep(matching.labels)
          : labels.drop([...matching.labels, METRIC_NAME]);
        throw new PromqlError(
          'execution',
          `found duplicate series for the match group ${group} on the ${
            swapped ? 'left' : 'right'
          } hand-side of the operation: [${labels}, ${other}];many-to-many matching not allowed: matching labels must be unique on one side`,
        );
      }
      seen.set(signature, labels);
    }
  }
}

function resultLabels(
  { operator, bool, matching }: Binary,
  many: Labels,
  one: Labels,
): Labels {
  const { cardinality, on, labels: names, include } = matching!;
  let labels = !isComparison(operator) || bool ? many.withoutName() : many;
  if (cardinality === 'one') {
    labels = on ? labels.keep(names) : labels.drop(names);
  }
  for (const name of include) {
    labels = labels.with(name, one.get(name));
  }
  return labels;
}
