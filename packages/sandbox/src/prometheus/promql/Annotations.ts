import { describePosition } from './PromqlError';
import type { BucketCorrection } from './histogramQuantile';

/** How many of a kind an answer carries. */
const MOST = 10;

/**
 * What is to be said of a result besides its values.
 *
 * @internal
 */
export class Annotations {
  readonly #query: string;
  readonly #warnings = new Set<string>();
  readonly #infos = new Set<string>();
  readonly #corrections = new Map<
    number,
    { correction: BucketCorrection; count: number; from: number; to: number }
  >();

  constructor(query: string) {
    this.#query = query;
  }

  warn(offset: number, message: string): void {
    this.#warnings.add(
      `PromQL warning: ${message} (${describePosition(this.#query, offset)})`,
    );
  }

  inform(offset: number, message: string): void {
    this.#infos.add(
      `PromQL info: ${message} (${describePosition(this.#query, offset)})`,
    );
  }

  /** Notes that the buckets of a histogram had to be corrected at a step. */
  corrected(offset: number, time: number, correction: BucketCorrection): void {
    const known = this.#corrections.get(offset);
    this.#corrections.set(offset, {
      correction: known
        ? {
            lowest: Math.min(known.correction.lowest, correction.lowest),
            highest: Math.max(known.correction.highest, correction.highest),
            largestDifference: Math.max(
              known.correction.largestDifference,
              correction.largestDifference,
            ),
          }
        : correction,
      count: (known?.count ?? 0) + 1,
      from: Math.min(known?.from ?? time, time),
      to: Math.max(known?.to ?? time, time),
    });
  }

  get warnings(): readonly string[] {
    return shorten([...this.#warnings], 'warning');
  }

  get infos(): readonly string[] {
    const corrections = [...this.#corrections].map(
      ([offset, { correction, count, from, to }]) =>
        `PromQL info: input to histogram_quantile needed to be fixed for monotonicity (see https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile), from buckets ${
          correction.lowest
        } to ${correction.highest}, with a max diff of ${formatShort(
          correction.largestDifference,
        )}, over ${count} samples from ${formatTime(from)} to ${formatTime(
          to,
        )} (${describePosition(this.#query, offset)})`,
    );
    return shorten([...this.#infos, ...corrections], 'info');
  }
}

/** Two digits, as Go's `%.2g`. */
function formatShort(value: number): string {
  const [digits, exponent] = value.toExponential(1).split('e');
  const power = Number(exponent);
  return power < -4 || power >= 2
    ? `${Number(digits)}e${power < 0 ? '-' : '+'}${String(
        Math.abs(power),
      ).padStart(2, '0')}`
    : String(Number(value.toPrecision(2)));
}

function shorten(messages: readonly string[], kind: string): readonly string[] {
  return messages.length <= MOST
    ? messages
    : [
        ...messages.slice(0, MOST),
        `${messages.length - MOST} more ${kind} annotations omitted`,
      ];
}

function formatTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, 'Z');
}
