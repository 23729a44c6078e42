import { aggregate, countValues } from './aggregate';
import type { Annotations } from './Annotations';
import {
  combineSets,
  operate,
  operateOnVectors,
  operateWithScalar,
} from './binaryOperation';
import type {
  Aggregation,
  Binary,
  Call,
  Expression,
  MatrixSelector,
  Subquery,
  TimeShift,
  VectorSelector,
} from './Expression';
import { isSetOperator, typeOf, unwrap } from './Expression';
import { checkShares } from './checkShares';
import { absentSeries, evaluateCall } from './evaluateCall';
import { METRIC_NAME } from './Labels';
import type { Labels } from './Labels';
import type { QueryBudget } from './QueryBudget';
import { quote } from './quote';
import { RangeEvaluation } from './RangeEvaluation';
import type { SampleSeries, SeriesSource } from './SeriesSource';
import { SampleBuffer } from './SampleBuffer';
import { StoredSeries } from './StoredSeries';
import { createStepSeries, hasValues, mergeSameLabels } from './Value';
import type { StepSeries, Value } from './Value';

/** @internal */
export interface EvaluatorOptions {
  readonly source: SeriesSource;
  readonly budget: QueryBudget;
  readonly annotations: Annotations;
  /** All times are in milliseconds. */
  readonly start: number;
  readonly end: number;
  /** More than 0, also if there is one step only. */
  readonly step: number;
  /** How old a sample may be to count. */
  readonly lookback: number;
  /** The step of subqueries that have none. */
  readonly subqueryStep: number;
  /** What `start()` and `end()` stand for. */
  readonly queryStart: number;
  readonly queryEnd: number;
}

/**
 * Evaluates expressions at each step between two times.
 *
 * @internal
 */
export class Evaluator {
  readonly #options: EvaluatorOptions;
  readonly #steps: number;

  constructor(options: EvaluatorOptions) {
    this.#options = options;
    this.#steps = Math.floor((options.end - options.start) / options.step) + 1;
  }

  get steps(): number {
    return this.#steps;
  }

  timeAt(step: number): number {
    return this.#options.start + step * this.#options.step;
  }

  async evaluate(node: Expression): Promise<Value> {
    switch (node.kind) {
      case 'number':
        return this.scalar(() => node.value);
      case 'string':
        return { type: 'string', value: node.value };
      case 'parentheses':
        return this.evaluate(node.expression);
      case 'unary':
        return this.#negate(await this.evaluate(node.expression), node);
      case 'vector-selector':
        return this.#vector(await this.select(node, sample => sample.value));
      case 'aggregation':
        return this.#aggregate(node);
      case 'binary':
        return this.#binary(node);
      case 'call':
        return this.#call(node);
      default:
        throw new TypeError(`A ${node.kind} has no value of its own`);
    }
  }

  #vector(series: readonly StepSeries[]): Value {
    return { type: 'vector', series };
  }

  /** A number at each step. */
  scalar(valueAt: (step: number) => number): Value {
    const values = new Float64Array(this.#steps);
    for (let step = 0; step < this.#steps; step++) {
      values[step] = valueAt(step);
    }
    return { type: 'scalar', values };
  }

  async series(node: Expression): Promise<readonly StepSeries[]> {
    const value = await this.evaluate(node);
    return value.type === 'vector' ? value.series : [];
  }

  async numbers(node: Expression): Promise<Float64Array> {
    const value = await this.evaluate(node);
    return value.type === 'scalar'
      ? value.values
      : new Float64Array(this.#steps);
  }

  async text(node: Expression): Promise<string> {
    const value = await this.evaluate(node);
    return value.type === 'string' ? value.value : '';
  }

  /** The samples of a range vector themselves, at the first step. */
  async readMatrix(
    node: Expression,
  ): Promise<{ labels: Labels; points: { time: number; value: number }[] }[]> {
    const { input, shift, range } = await this.#windows(
      unwrap(node) as MatrixSelector | Subquery,
    );
    const end = this.#shifted(shift)(0);
    const samples = new SampleBuffer();
    const output: {
      labels: Labels;
      points: { time: number; value: number }[];
    }[] = [];
    for (const series of input) {
      samples.clear();
      series.collect(end - range, end, samples);
      this.#options.budget.spend(samples.length);
      if (samples.length > 0) {
        output.push({
          labels: series.labels,
          points: Array.from({ length: samples.length }, (_unused, index) => ({
            time: samples.times[index],
            value: samples.values[index],
          })),
        });
      }
      if (this.#options.budget.due()) {
        await this.#options.budget.pause();
      }
    }
    return output;
  }

  /** At which time a selector looks at each step. */
  #shifted({ at, offset }: TimeShift): (step: number) => number {
    if (at === undefined) {
      return step => this.timeAt(step) - offset;
    }
    const { queryStart, queryEnd } = this.#options;
    let fixed = at as number;
    if (at === 'start' || at === 'end') {
      fixed = at === 'start' ? queryStart : queryEnd;
    }
    return () => fixed - offset;
  }

  /** Reads something of the sample that a selector finds at each step. */
  async select(
    node: VectorSelector,
    read: (sample: { time: number; value: number }) => number,
  ): Promise<readonly StepSeries[]> {
    const { source, budget, lookback } = this.#options;
    const timeOf = this.#shifted(node);
    const from = timeOf(0) - lookback;
    const to = timeOf(this.#steps - 1);
    const output: StepSeries[] = [];
    const sample = { time: 0, value: 0 };
    for (const series of source.select(node.matchers, from, to)) {
      const result = createStepSeries(series.labels, this.#steps);
      let found = 0;
      for (let step = 0; step < this.#steps; step++) {
        const time = timeOf(step);
        if (series.latest(time, time - lookback, sample)) {
          result.present[step] = 1;
          result.values[step] = read(sample);
          found++;
        }
        if (budget.due()) {
          await budget.pause();
        }
      }
      if (found > 0) {
        budget.spend(found);
        output.push(result);
      }
    }
    return output;
  }

  #negate(value: Value, { operator }: { operator: '+' | '-' }): Value {
    if (operator === '+' || value.type === 'string') {
      return value;
    }
    if (value.type === 'scalar') {
      return { type: 'scalar', values: value.values.map(number => -number) };
    }
    return this.#vector(
      mergeSameLabels(
        value.series.map(series => ({
          labels: series.labels.withoutName(),
          values: series.values.map(number => -number),
          present: series.present,
        })),
      ),
    );
  }

  async #aggregate(node: Aggregation): Promise<Value> {
    const { budget } = this.#options;
    const { operator, parameter, expression } = node;
    if (operator === 'count_values') {
      const label = await this.text(parameter!);
      return this.#vector(
        countValues(node, await this.series(expression), label, this.#steps),
      );
    }
    const parameters = parameter && (await this.numbers(parameter));
    if (operator === 'quantile') {
      checkShares(parameters!, parameter!.start, this.#options.annotations);
    }
    const input = await this.series(expression);
    const output = await aggregate(
      node,
      input,
      parameters,
      this.#steps,
      budget,
    );
    return this.#vector(
      operator === 'topk' || operator === 'bottomk'
        ? output
        : output.filter(hasValues),
    );
  }

  async #binary(node: Binary): Promise<Value> {
    const { operator, matching } = node;
    const left = await this.evaluate(node.left);
    const right = await this.evaluate(node.right);
    if (left.type === 'scalar' && right.type === 'scalar') {
      return this.scalar(step =>
        operate(operator, left.values[step], right.values[step]),
      );
    }
    if (left.type === 'vector' && right.type === 'vector') {
      return this.#vector(
        isSetOperator(operator)
          ? combineSets(
              operator,
              left.series,
              right.series,
              matching!,
              this.#steps,
            )
          : await operateOnVectors(
              node,
              left.series,
              right.series,
              this.#steps,
              this.#options.budget,
            ),
      );
    }
    if (left.type === 'vector' && right.type === 'scalar') {
      return this.#vector(
        operateWithScalar(node, left.series, right.values, false),
      );
    }
    if (left.type === 'scalar' && right.type === 'vector') {
      return this.#vector(
        operateWithScalar(node, right.series, left.values, true),
      );
    }
    throw new TypeError('Strings have no operators');
  }

  async #call(node: Call): Promise<Value> {
    const matrix = node.args.find(arg => typeOf(arg) === 'matrix');
    if (matrix) {
      return this.#vector(await this.#overTime(node, unwrap(matrix)));
    }
    return evaluateCall(this, node, this.#options.annotations);
  }

  async #overTime(
    node: Call,
    matrix: Expression,
  ): Promise<readonly StepSeries[]> {
    const { signature, args } = node;
    const { name } = signature;
    const number = args.find(arg => typeOf(arg) === 'scalar');
    const parameters = number && (await this.numbers(number));
    if (name === 'quantile_over_time') {
      checkShares(parameters!, number!.start, this.#options.annotations);
    }
    const { input, shift, range } = await this.#windows(
      matrix as MatrixSelector | Subquery,
    );
    const evaluation = new RangeEvaluation({
      name: name === 'absent_over_time' ? 'present_over_time' : name,
      steps: this.#steps,
      timeAt: step => this.timeAt(step),
      windowEndAt: this.#shifted(shift),
      range,
      parameters,
      budget: this.#options.budget,
    });
    const output: StepSeries[] = [];
    const metrics = new Set<string>();
    for (const series of input) {
      const result = await evaluation.evaluate(series);
      if (hasValues(result)) {
        output.push(result);
        metrics.add(series.labels.get(METRIC_NAME));
      }
    }
    metrics.forEach(metric => this.#checkCounter(name, metric, args[0].start));
    if (name === 'absent_over_time') {
      return absentSeries(output, matrix, this.#steps);
    }
    // Series of one metric differ in their other labels.
    return metrics.size > 1 ? mergeSameLabels(output) : output;
  }

  #checkCounter(name: string, metric: string, offset: number): void {
    if (
      (name === 'rate' || name === 'increase') &&
      metric !== '' &&
      !/_(?:total|sum|count|bucket)$/.test(metric)
    ) {
      this.#options.annotations.inform(
        offset,
        `metric might not be a counter, name does not end in _total/_sum/_count/_bucket: ${quote(
          metric,
        )}`,
      );
    }
  }

  async #windows(matrix: MatrixSelector | Subquery): Promise<{
    input: Iterable<SampleSeries>;
    shift: TimeShift;
    range: number;
  }> {
    const { source } = this.#options;
    const shift = matrix.kind === 'subquery' ? matrix : matrix.selector;
    const { range } = matrix;
    const endAt = this.#shifted(shift);
    const from = endAt(0) - range;
    const to = endAt(this.#steps - 1);
    const input =
      matrix.kind === 'subquery'
        ? await this.#evaluateSubquery(matrix, from, to)
        : source.select(matrix.selector.matchers, from, to);
    return { input, shift, range };
  }

  async #evaluateSubquery(
    { expression, step: ownStep }: Subquery,
    from: number,
    to: number,
  ): Promise<SampleSeries[]> {
    const step = ownStep ?? this.#options.subqueryStep;
    // The steps of a subquery do not depend on the time of the query.
    let start = step * Math.trunc(from / step);
    if (start <= from) {
      start += step;
    }
    if (start > to) {
      return [];
    }
    const inner = new Evaluator({ ...this.#options, start, end: to, step });
    // Before anything of this length is made.
    this.#options.budget.spend(inner.steps);
    const value = await inner.evaluate(expression);
    const series = value.type === 'vector' ? value.series : [];
    return series.map(({ labels, values, present }) => {
      const stored = new StoredSeries(labels);
      for (let index = 0; index < inner.steps; index++) {
        if (present[index] === 1) {
          stored.append(inner.timeAt(index), values[index]);
        }
      }
      return stored;
    });
  }
}
