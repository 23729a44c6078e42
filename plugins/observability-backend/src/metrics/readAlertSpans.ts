import type { PrometheusRangeResult } from '@waystone/integrations';
import type { MetricsResponse } from '@waystone/plugin-observability-common';
import { PART_LABEL } from '../recipes/expressions';
import type { ChartRange } from './ServiceCharts';

/** When alerts fired in a range, the earliest first. */
export function readAlertSpans(
  { series }: Pick<PrometheusRangeResult, 'series'>,
  { step }: Pick<ChartRange, 'step'>,
): MetricsResponse['alerts'] {
  return series
    .filter(({ metric }) => metric[PART_LABEL] === 'alerts')
    .flatMap(({ metric, values }) => {
      const spans: MetricsResponse['alerts'] = [];
      for (const { time } of values) {
        const last = spans.at(-1);
        if (last && time - last.to <= step * 1.5) {
          last.to = time;
        } else {
          spans.push({ name: metric.alertname ?? '', from: time, to: time });
        }
      }
      return spans;
    })
    .sort((a, b) => a.from - b.from);
}
