import type { Annotations } from './Annotations';
import { checkShares } from './checkShares';
import type { Evaluator } from './Evaluator';
import type { Expression } from './Expression';
import { parseNumber } from './formatNumber';
import { histogramFraction, histogramQuantile } from './histogramQuantile';
import type { Bucket } from './histogramQuantile';
import { METRIC_NAME } from './Labels';
import type { Labels } from './Labels';
import { quote } from './quote';
import { createStepSeries, hasValues } from './Value';
import type { StepSeries } from './Value';

interface Histogram {
  readonly labels: Labels;
  readonly buckets: {
    readonly upperBound: number;
    readonly series: StepSeries;
  }[];
}

/**
 * `histogram_quantile` and `histogram_fraction` over classic histograms.
 *
 * @internal
 */
export async function evaluateHistogram(
  evaluator: Evaluator,
  name: 'histogram_quantile' | 'histogram_fraction',
  args: readonly Expression[],
  annotations: Annotations,
): Promise<readonly StepSeries[]> {
  const input = args.at(-1)!;
  const first = await evaluator.numbers(args[0]);
  const second =
    name === 'histogram_fraction'
      ? await evaluator.numbers(args[1])
      : undefined;
  const series = await evaluator.series(input);
  if (!second && series.length > 0) {
    checkShares(first, args[0].start, annotations);
  }
  const output: StepSeries[] = [];
  for (const { labels, buckets } of groupBuckets(series, input, annotations)) {
    const result = createStepSeries(labels, evaluator.steps);
    for (let step = 0; step < evaluator.steps; step++) {
      const present: Bucket[] = [];
      for (const { upperBound, series: bucket } of buckets) {
        if (bucket.present[step] === 1) {
          present.push({ upperBound, count: bucket.values[step] });
        }
      }
      if (present.length === 0) {
        continue;
      }
      result.present[step] = 1;
      if (second) {
        result.values[step] = histogramFraction(
          first[step],
          second[step],
          present,
        );
      } else {
        const { value, corrected } = histogramQuantile(first[step], present);
        result.values[step] = value;
        if (corrected) {
          annotations.corrected(input.start, evaluator.timeAt(step), corrected);
        }
      }
    }
    if (hasValues(result)) {
      output.push(result);
    }
  }
  return output;
}

function groupBuckets(
  series: readonly StepSeries[],
  input: Expression,
  annotations: Annotations,
): Iterable<Histogram> {
  const histograms = new Map<string, Histogram>();
  for (const bucket of series) {
    const bound = bucket.labels.get('le');
    const upperBound = parseNumber(bound);
    if (upperBound === undefined) {
      annotations.warn(
        input.start,
        `bucket label "le" is missing or has a malformed value of ${quote(
          bound,
        )}`,
      );
      continue;
    }
    const labels = bucket.labels.drop(['le', METRIC_NAME]);
    const histogram = histograms.get(labels.key);
    if (histogram) {
      histogram.buckets.push({ upperBound, series: bucket });
    } else {
      histograms.set(labels.key, {
        labels,
        buckets: [{ upperBound, series: bucket }],
      });
    }
  }
  return histograms.values();
}
