import type { RootConfigService } from '@backstage/backend-plugin-api';
import { readDurationFromConfig } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { durationToMilliseconds } from '@backstage/types';
import type { HumanDuration } from '@backstage/types';
import type { Stream } from './database/AuditRow';

/** The triggers of the table let nothing younger than a day go. */
const SHORTEST_MS = 2 * 24 * 3600 * 1000;

const DEFAULTS: Readonly<Record<Stream, HumanDuration>> = {
  changes: { months: 13 },
  reads: { days: 30 },
};

/** For how long the events of a stream are kept. */
export interface Retention {
  readonly milliseconds: number;
  /** As an ISO 8601 duration. */
  readonly text: string;
}

/**
 * Reads `waystone.audit.retention`.
 *
 * @throws InputError that names the key.
 */
export function readRetention(
  config: RootConfigService,
): Readonly<Record<Stream, Retention>> {
  const read = (stream: Stream): Retention => {
    const key = `waystone.audit.retention.${stream}`;
    const duration = config.has(key)
      ? readDurationFromConfig(config, { key })
      : DEFAULTS[stream];
    const milliseconds = durationToMilliseconds(duration);
    if (milliseconds < SHORTEST_MS) {
      throw new InputError(`Invalid config '${key}': at least two days`);
    }
    return { milliseconds, text: toIso(duration) };
  };
  return { changes: read('changes'), reads: read('reads') };
}

function toIso(duration: HumanDuration): string {
  const part = (units: readonly (keyof HumanDuration)[]) =>
    units
      .map(unit =>
        duration[unit] ? `${duration[unit]}${unit[0].toUpperCase()}` : '',
      )
      .join('');
  const time = part(['hours', 'minutes', 'seconds']);
  return `P${part(['years', 'months', 'weeks', 'days'])}${
    time ? `T${time}` : ''
  }`;
}
