import type { Objective } from '@waystone/plugin-observability-common';

type Refuse = (reason: string) => undefined;

const EXAMPLE = "'availability=99.9, latency=95@500ms, window=30d'";

/**
 * Reads promises such as `availability=99.9, latency=95@500ms, window=30d`.
 *
 * @param refuse - called with what is wrong, once
 * @returns undefined if anything is wrong: half a promise is none
 */
export function readObjectives(
  text: string,
  refuse: Refuse,
): readonly Omit<Objective, 'source'>[] | undefined {
  const values = new Map<string, string>();
  for (const part of text.split(',').map(each => each.trim())) {
    const match = /^([a-z]+)\s*=\s*(\S+)$/.exec(part);
    if (!match || !['availability', 'latency', 'window'].includes(match[1])) {
      return refuse(`it reads such as ${EXAMPLE}`);
    }
    values.set(match[1], match[2]);
  }
  const window = /^(\d{1,2})d$/.exec(values.get('window') ?? '30d');
  const windowDays = Number(window?.[1]);
  if (!(windowDays >= 1 && windowDays <= 90)) {
    return refuse('the window is a number of days from 1 to 90, such as 30d');
  }
  const objectives: Omit<Objective, 'source'>[] = [];
  const availability = values.get('availability');
  if (availability !== undefined) {
    const target = readPercent(availability);
    if (target === undefined) {
      return refuse('the availability is more than 0 and less than 100 %');
    }
    objectives.push({ name: 'availability', target, windowDays });
  }
  const latency = values.get('latency');
  if (latency !== undefined) {
    const [percent, limit = ''] = latency.split('@');
    const target = readPercent(percent);
    const duration = /^(\d+(?:\.\d+)?)(ms|s)$/.exec(limit);
    const thresholdSeconds = duration
      ? Number(duration[1]) / (duration[2] === 'ms' ? 1000 : 1)
      : 0;
    if (
      target === undefined ||
      !(thresholdSeconds > 0 && thresholdSeconds < 600)
    ) {
      return refuse(
        'the latency is a share and a duration, such as 95@500ms: 95 % within 500 ms',
      );
    }
    objectives.push({ name: 'latency', target, thresholdSeconds, windowDays });
  }
  return objectives.length > 0
    ? objectives
    : refuse(`it promises nothing. It reads such as ${EXAMPLE}`);
}

function readPercent(text: string): number | undefined {
  const value = /^\d{1,3}(\.\d{1,6})?%?$/.test(text) ? parseFloat(text) : NaN;
  return value > 0 && value < 100
    ? Number((value / 100).toFixed(8))
    : undefined;
}
