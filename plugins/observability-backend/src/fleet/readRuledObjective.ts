import type { RuledObjective } from './WorkloadSignals';

/**
 * An objective as the rules of an application record it.
 *
 * @returns undefined if it is not one
 */
export function readRuledObjective(
  labels: Readonly<Record<string, string>>,
  target: number,
): RuledObjective | undefined {
  const { slo, threshold, window = '30d' } = labels;
  const days = /^(\d{1,3})d$/.exec(window);
  const seconds = Number(threshold);
  if (!days || !(target > 0 && target < 1)) {
    return undefined;
  }
  const shared = { target, windowDays: Number(days[1]) };
  if (slo === 'availability') {
    return { name: slo, ...shared };
  }
  return slo === 'latency' && seconds > 0
    ? { name: slo, ...shared, thresholdSeconds: seconds }
    : undefined;
}
