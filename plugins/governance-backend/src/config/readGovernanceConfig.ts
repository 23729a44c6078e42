import type { Config } from '@backstage/config';
import type { Severity } from '@waystone/plugin-governance-common';

/** `waystone.governance`, with its defaults filled in. */
export interface GovernanceConfig {
  /** After how many days a finding is past due. Without a number, never. */
  readonly due: Readonly<Partial<Record<Severity, number>>>;
  /** Undefined: the scorecards of the package. */
  readonly scorecardsFolder?: string;
}

const DUE_DAYS = { critical: 7, high: 30, medium: 90, low: 0 };

/** Reads the configuration once. */
export function readGovernanceConfig(root: Config): GovernanceConfig {
  const config = root.getOptionalConfig('waystone.governance');
  return {
    due: Object.fromEntries(
      Object.entries(DUE_DAYS)
        .map(([severity, days]): [string, number] => [
          severity,
          config?.getOptionalNumber(`due.${severity}`) ?? days,
        ])
        .filter(([, days]) => days > 0),
    ),
    scorecardsFolder: config?.getOptionalString('scorecards.folder'),
  };
}
