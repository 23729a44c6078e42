/**
 * One bucket of a classic histogram: how many observations were at most its upper bound.
 *
 * @internal
 */
export interface Bucket {
  readonly upperBound: number;
  count: number;
}

/** Differences below this share are taken for rounding. */
const SMALL_DIFFERENCE = 1e-12;

/**
 * Estimates a quantile, taking the observations of a bucket as spread evenly.
 *
 * @remarks
 * As `BucketQuantile` of Prometheus, https://github.com/prometheus/prometheus/blob/v3.14.0/promql/quantile.go
 *
 * @returns also where the counts had to be corrected because they fell from one bucket to the next
 *
 * @internal
 */
export function histogramQuantile(
  share: number,
  input: readonly Bucket[],
): { value: number; corrected?: BucketCorrection } {
  if (Number.isNaN(share)) {
    return { value: NaN };
  }
  if (share < 0) {
    return { value: -Infinity };
  }
  if (share > 1) {
    return { value: Infinity };
  }
  const buckets = prepare(input);
  if (!buckets) {
    return { value: NaN };
  }
  const corrected = makeMonotonic(buckets);
  if (buckets.length < 2) {
    return { value: NaN, corrected };
  }
  const observations = buckets.at(-1)!.count;
  if (observations === 0) {
    return { value: NaN, corrected };
  }
  let rank = share * observations;
  let index = 0;
  while (index < buckets.length - 1 && !(buckets[index].count >= rank)) {
    index++;
  }
  if (index === buckets.length - 1) {
    return { value: buckets[index - 1].upperBound, corrected };
  }
  if (index === 0 && buckets[0].upperBound <= 0) {
    return { value: buckets[0].upperBound, corrected };
  }
  const end = buckets[index].upperBound;
  let start = 0;
  let { count } = buckets[index];
  if (index > 0) {
    start = buckets[index - 1].upperBound;
    count -= buckets[index - 1].count;
    rank -= buckets[index - 1].count;
  }
  return { value: start + (end - start) * (rank / count), corrected };
}

/** Where counts had to be corrected, for the note that goes with the result. */
export interface BucketCorrection {
  readonly lowest: number;
  readonly highest: number;
  readonly largestDifference: number;
}

/** The share of observations between two values; as `BucketFraction` of Prometheus. */
export function histogramFraction(
  lower: number,
  upper: number,
  input: readonly Bucket[],
): number {
  const buckets = prepare(input);
  const total = buckets?.at(-1)!.count;
  if (!buckets || !total || Number.isNaN(lower) || Number.isNaN(upper)) {
    return NaN;
  }
  if (lower >= upper) {
    return 0;
  }
  return (
    (countBelow(buckets, upper, total) - countBelow(buckets, lower, total)) /
    total
  );
}

function countBelow(
  buckets: readonly Bucket[],
  value: number,
  total: number,
): number {
  let start = buckets[0].upperBound <= 0 ? -Infinity : 0;
  let below = 0;
  for (const { upperBound, count } of buckets) {
    if (start >= value) {
      return Math.min(below, total);
    }
    if (value < upperBound) {
      const part =
        start === -Infinity
          ? count
          : below + ((count - below) * (value - start)) / (upperBound - start);
      return Math.min(part, total);
    }
    below = count;
    start = upperBound;
  }
  return total;
}

/** Sorts, and joins buckets of the same bound; undefined without one that has no bound. */
function prepare(input: readonly Bucket[]): Bucket[] | undefined {
  const sorted = [...input].sort(
    (left, right) => left.upperBound - right.upperBound,
  );
  if (sorted.at(-1)?.upperBound !== Infinity) {
    return undefined;
  }
  const buckets: Bucket[] = [];
  for (const { upperBound, count } of sorted) {
    const last = buckets.at(-1);
    if (last?.upperBound === upperBound) {
      last.count += count;
    } else {
      buckets.push({ upperBound, count });
    }
  }
  return buckets;
}

function makeMonotonic(buckets: Bucket[]): BucketCorrection | undefined {
  let previous = buckets[0].count;
  let lowest = Infinity;
  let highest = -Infinity;
  let largestDifference = 0;
  for (const bucket of buckets.slice(1)) {
    const { count, upperBound } = bucket;
    if (count === previous) {
      continue;
    }
    if (isAlmostEqual(previous, count)) {
      bucket.count = previous;
    } else if (count < previous) {
      bucket.count = previous;
      lowest = Math.min(lowest, upperBound);
      highest = Math.max(highest, upperBound);
      largestDifference = Math.max(largestDifference, previous - count);
    } else {
      previous = count;
    }
  }
  return highest === -Infinity
    ? undefined
    : { lowest, highest, largestDifference };
}

function isAlmostEqual(left: number, right: number): boolean {
  const sum = Math.abs(left) + Math.abs(right);
  return (
    Math.abs(left - right) / Math.min(sum, Number.MAX_VALUE) < SMALL_DIFFERENCE
  );
}
