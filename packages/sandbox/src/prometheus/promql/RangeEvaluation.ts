import type { QueryBudget } from './QueryBudget';
import { extrapolate, RANGE_FUNCTIONS } from './rangeFunctions';
import type { RangeWindow } from './rangeFunctions';
import { SampleBuffer } from './SampleBuffer';
import type { SampleSeries } from './SeriesSource';
import { createStepSeries } from './Value';
import type { StepSeries } from './Value';

/** @internal */
export interface RangeEvaluationOptions {
  /** The function. */
  readonly name: string;
  readonly steps: number;
  timeAt(step: number): number;
  windowEndAt(step: number): number;
  /** In milliseconds. */
  readonly range: number;
  readonly parameters?: Float64Array;
  readonly budget: QueryBudget;
}

/**
 * Evaluates one function over a moving window, series by series.
 *
 * @internal
 */
export class RangeEvaluation {
  readonly #options: RangeEvaluationOptions;
  readonly #samples = new SampleBuffer();

  constructor(options: RangeEvaluationOptions) {
    this.#options = options;
  }

  async evaluate(series: SampleSeries): Promise<StepSeries> {
    const { name, steps, budget, range, parameters } = this.#options;
    const { timeAt, windowEndAt } = this.#options;
    const result = createStepSeries(
      name === 'last_over_time' || name === 'first_over_time'
        ? series.labels
        : series.labels.withoutName(),
      steps,
    );
    for (let step = 0; step < steps; step++) {
      const end = windowEndAt(step);
      const window: RangeWindow = {
        time: timeAt(step),
        start: end - range,
        end,
        parameter: parameters?.[step] ?? 0,
      };
      const value = this.#valueOf(series, window);
      if (value !== undefined) {
        result.present[step] = 1;
        result.values[step] = value;
      }
      if (budget.due()) {
        await budget.pause();
      }
    }
    return result;
  }

  #valueOf(series: SampleSeries, window: RangeWindow): number | undefined {
    const { name, budget } = this.#options;
    if (series.summarize && (name === 'rate' || name === 'increase')) {
      const summary = series.summarize(window.start, window.end);
      if (summary) {
        budget.spend(summary.count);
        return extrapolate(summary, window, name);
      }
    }
    const samples = this.#samples;
    samples.clear();
    series.collect(window.start, window.end, samples);
    if (samples.length === 0) {
      return undefined;
    }
    budget.spend(samples.length);
    return RANGE_FUNCTIONS.get(name)!(samples, window);
  }
}
