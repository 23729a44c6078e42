import type { Annotations } from './Annotations';
import { compareWithNaN } from './arithmetic';
import { evaluateHistogram } from './evaluateHistogram';
import type { Evaluator } from './Evaluator';
import type { Call, Expression } from './Expression';
import { unwrap } from './Expression';
import { DATE_FUNCTIONS, INSTANT_FUNCTIONS } from './instantFunctions';
import { joinLabels, labelsOfAbsent, replaceLabel } from './labelFunctions';
import { Labels } from './Labels';
import { createStepSeries, hasValues, mergeSameLabels } from './Value';
import type { StepSeries, Value } from './Value';

/**
 * Evaluates a function of instant vectors and numbers.
 *
 * @internal
 */
export async function evaluateCall(
  evaluator: Evaluator,
  { signature, args, start }: Call,
  annotations: Annotations,
): Promise<Value> {
  const { name } = signature;
  const vector = (series: readonly StepSeries[]): Value => ({
    type: 'vector',
    series,
  });
  const compute = INSTANT_FUNCTIONS.get(name);
  if (compute) {
    return vector(mapValues(await evaluator.series(args[0]), compute));
  }
  const readDate = DATE_FUNCTIONS.get(name);
  if (readDate) {
    return vector(
      args.length === 0
        ? single(evaluator, step => readDate(evaluator.timeAt(step) / 1000))
        : mapValues(await evaluator.series(args[0]), readDate),
    );
  }
  switch (name) {
    case 'time':
      return evaluator.scalar(step => evaluator.timeAt(step) / 1000);
    case 'pi':
      return evaluator.scalar(() => Math.PI);
    case 'vector': {
      const values = await evaluator.numbers(args[0]);
      return vector(single(evaluator, step => values[step]));
    }
    case 'scalar':
      return toScalar(evaluator, await evaluator.series(args[0]));
    case 'timestamp':
      return vector(await timestampsOf(evaluator, args[0]));
    case 'absent':
      return vector(
        absentSeries(
          await evaluator.series(args[0]),
          unwrap(args[0]),
          evaluator.steps,
        ),
      );
    case 'sort':
    case 'sort_desc': {
      const input = await evaluator.series(args[0]);
      if (evaluator.steps > 1) {
        annotations.warn(
          start,
          'sort is ineffective for range queries since results are always ordered by labels',
        );
        return vector(input);
      }
      return vector(sortSeries(input, name));
    }
    case 'round':
    case 'clamp':
    case 'clamp_min':
    case 'clamp_max':
      return vector(await withNumbers(evaluator, name, args));
    case 'label_replace':
    case 'label_join': {
      const texts: string[] = [];
      for (const arg of args.slice(1)) {
        texts.push(await evaluator.text(arg));
      }
      const series = await evaluator.series(args[0]);
      return vector(
        name === 'label_join'
          ? joinLabels(series, texts)
          : replaceLabel(series, texts),
      );
    }
    case 'histogram_quantile':
    case 'histogram_fraction':
      return vector(
        await evaluateHistogram(evaluator, name, args, annotations),
      );
    default:
      // The functions of native histograms, which nothing here has.
      await evaluator.series(args[0]);
      return vector([]);
  }
}

/** What `absent` yields: 1 wherever no series has a value. */
export function absentSeries(
  input: readonly StepSeries[],
  arg: Expression,
  steps: number,
): readonly StepSeries[] {
  let matchers: Parameters<typeof labelsOfAbsent>[0] = [];
  if (arg.kind === 'vector-selector') {
    matchers = arg.matchers;
  } else if (arg.kind === 'matrix-selector') {
    matchers = arg.selector.matchers;
  }
  const result = createStepSeries(Labels.of(labelsOfAbsent(matchers)), steps);
  for (let step = 0; step < steps; step++) {
    if (input.every(({ present }) => present[step] === 0)) {
      result.present[step] = 1;
      result.values[step] = 1;
    }
  }
  return hasValues(result) ? [result] : [];
}

function single(
  { steps }: Evaluator,
  valueAt: (step: number) => number,
): readonly StepSeries[] {
  const result = createStepSeries(Labels.EMPTY, steps);
  result.present.fill(1);
  for (let step = 0; step < steps; step++) {
    result.values[step] = valueAt(step);
  }
  return [result];
}

function mapValues(
  input: readonly StepSeries[],
  compute: (value: number, step: number) => number,
): readonly StepSeries[] {
  return mergeSameLabels(
    input.map(({ labels, values, present }) => ({
      labels: labels.withoutName(),
      values: values.map(compute),
      present,
    })),
  );
}

async function withNumbers(
  evaluator: Evaluator,
  name: string,
  args: readonly Expression[],
): Promise<readonly StepSeries[]> {
  const input = await evaluator.series(args[0]);
  const first = args[1] && (await evaluator.numbers(args[1]));
  const second = args[2] && (await evaluator.numbers(args[2]));
  if (name === 'round') {
    return mapValues(input, (value, step) => {
      const inverse = 1 / (first?.[step] ?? 1);
      return Math.floor(value * inverse + 0.5) / inverse;
    });
  }
  const lowest = name === 'clamp_max' ? undefined : first;
  const highest = name === 'clamp' ? second : first;
  const clamped = mapValues(input, (value, step) =>
    Math.max(
      lowest?.[step] ?? -Infinity,
      Math.min(name === 'clamp_min' ? Infinity : highest[step], value),
    ),
  );
  if (name !== 'clamp') {
    return clamped;
  }
  return clamped
    .map(series => ({
      ...series,
      present: series.present.map((present, step) =>
        second[step] < first[step] ? 0 : present,
      ),
    }))
    .filter(hasValues);
}

function toScalar(evaluator: Evaluator, input: readonly StepSeries[]): Value {
  return evaluator.scalar(step => {
    const present = input.filter(series => series.present[step] === 1);
    return present.length === 1 ? present[0].values[step] : NaN;
  });
}

async function timestampsOf(
  evaluator: Evaluator,
  arg: Expression,
): Promise<readonly StepSeries[]> {
  const selector = unwrap(arg);
  if (selector.kind === 'vector-selector') {
    const series = await evaluator.select(selector, ({ time }) => time / 1000);
    return mapValues(series, value => value);
  }
  return mapValues(
    await evaluator.series(arg),
    (_value, step) => evaluator.timeAt(step) / 1000,
  );
}

function sortSeries(
  input: readonly StepSeries[],
  name: string,
): readonly StepSeries[] {
  const compare = (left: number, right: number) =>
    name === 'sort'
      ? -compareWithNaN(-left, -right)
      : -compareWithNaN(left, right);
  return [...input].sort((left, right) =>
    compare(left.values[0], right.values[0]),
  );
}
