import { formatNumber } from '../promql/formatNumber';
import type { Point, QueryResult } from '../promql/QueryEngine';

/**
 * A result as the `data` of an answer: times in seconds, values as text.
 *
 * @internal
 */
export function toApiData(result: QueryResult): {
  resultType: QueryResult['type'];
  result: unknown;
} {
  switch (result.type) {
    case 'scalar':
      return { resultType: result.type, result: toPair(result.point) };
    case 'string':
      return {
        resultType: result.type,
        result: [result.time / 1000, result.value],
      };
    case 'vector':
      return {
        resultType: result.type,
        result: result.series.map(({ labels, point }) => ({
          metric: labels.toRecord(),
          value: toPair(point),
        })),
      };
    default:
      return {
        resultType: result.type,
        result: result.series.map(({ labels, points }) => ({
          metric: labels.toRecord(),
          values: points.map(toPair),
        })),
      };
  }
}

function toPair({ time, value }: Point): [number, string] {
  return [time / 1000, formatNumber(value)];
}
