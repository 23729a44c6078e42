import type { Config } from '@backstage/config';
import { readDurationFromConfig } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { durationToMilliseconds } from '@backstage/types';

const KEY = 'waystone.observability';

/** How often the sources are asked, unless the configuration says otherwise. */
const REFRESH_MS = 30_000;

/** What of the window of an objective is kept, at least, in days. */
const WINDOW_DAYS = 30;

/** `waystone.observability`, with defaults. */
export interface Settings {
  readonly refreshMs: number;
  readonly clusterLabel: string;
  /** The cluster of what an instance of Prometheus knows, if its series do not say. */
  readonly clusters: ReadonlyMap<string, string>;
  /** What a service promises that promises nothing itself; as shares. */
  readonly availability: {
    readonly target: number;
    readonly tiers: ReadonlyMap<string, number>;
  };
  readonly windowDays: number;
}

/**
 * Reads `waystone.observability`.
 *
 * @throws InputError that names the key.
 */
export function readSettings(config: Config): Settings {
  const own = config.getOptionalConfig(KEY);
  const refresh = own?.has('refresh')
    ? durationToMilliseconds(readDurationFromConfig(own, { key: 'refresh' }))
    : REFRESH_MS;
  if (refresh < 5000) {
    throw new InputError(
      `Invalid configuration at '${KEY}.refresh': it is at least 5 seconds`,
    );
  }
  const clusterLabel = own?.getOptionalString('clusterLabel') ?? 'cluster';
  if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(clusterLabel)) {
    throw new InputError(
      `Invalid configuration at '${KEY}.clusterLabel': '${clusterLabel}' is not the name of a label`,
    );
  }
  const objectives = own?.getOptionalConfig('objectives');
  const clusters = own?.getOptionalConfig('clusters');
  const tiers = objectives?.getOptionalConfig('tiers');
  return {
    refreshMs: refresh,
    clusterLabel,
    clusters: new Map(
      (clusters?.keys() ?? []).map(name => [name, clusters!.getString(name)]),
    ),
    availability: {
      target: readTarget(objectives, 'availability') ?? 0.995,
      tiers: new Map(
        tiers
          ? tiers.keys().map(tier => [tier, readTarget(tiers, tier)!])
          : [['1', 0.999]],
      ),
    },
    windowDays: objectives?.getOptionalNumber('windowDays') ?? WINDOW_DAYS,
  };
}

function readTarget(config: Config | undefined, key: string) {
  const percent = config?.getOptionalNumber(key);
  if (percent !== undefined && !(percent > 0 && percent < 100)) {
    throw new InputError(
      `Invalid configuration at '${KEY}.objectives': '${key}' is more than 0 and less than 100 %`,
    );
  }
  return percent === undefined ? undefined : Number((percent / 100).toFixed(8));
}
