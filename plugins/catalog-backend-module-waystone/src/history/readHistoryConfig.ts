import type { Config } from '@backstage/config';
import { readDurationFromConfig } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { durationToMilliseconds } from '@backstage/types';

/** How long the history of entities is kept. */
export interface HistoryConfig {
  readonly keepMilliseconds: number;
  readonly mostChanges: number;
}

const DAY = 24 * 60 * 60 * 1000;

/** @throws InputError if a value makes no sense */
export function readHistoryConfig(config: Config): HistoryConfig {
  const history = config.getOptionalConfig('waystone.catalog.history');
  const keepMilliseconds = history?.has('keepFor')
    ? durationToMilliseconds(
        readDurationFromConfig(history, { key: 'keepFor' }),
      )
    : 365 * DAY;
  const mostChanges = history?.getOptionalNumber('maxChangesPerEntity') ?? 2000;
  if (keepMilliseconds < DAY) {
    throw new InputError(
      `'waystone.catalog.history.keepFor' has to be a day or more`,
    );
  }
  if (!Number.isInteger(mostChanges) || mostChanges < 1) {
    throw new InputError(
      `'waystone.catalog.history.maxChangesPerEntity' has to be a whole number of 1 or more, not '${mostChanges}'`,
    );
  }
  return { keepMilliseconds, mostChanges };
}
