import type { Annotations } from './Annotations';
import { formatNumber } from './formatNumber';

/**
 * Warns of shares that are none, as of quantiles.
 *
 * @internal
 */
export function checkShares(
  shares: Float64Array,
  offset: number,
  annotations: Annotations,
): void {
  for (const share of shares) {
    if (!(share >= 0 && share <= 1)) {
      annotations.warn(
        offset,
        `quantile value should be between 0 and 1, got ${formatNumber(share)}`,
      );
      return;
    }
  }
}
