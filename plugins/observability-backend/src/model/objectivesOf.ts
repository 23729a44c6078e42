import type { Objective } from '@waystone/plugin-observability-common';
import type { ServiceEntity } from '../catalog/ServiceEntity';
import type { Workload } from '../fleet/WorkloadSignals';
import type { Settings } from '../readSettings';

/** What a service promises: what its entity says, else what its rules say, else what everybody promises. */
export function objectivesOf(
  { hints, tier }: Pick<ServiceEntity, 'hints' | 'tier'>,
  workload: Pick<Workload, 'objectives'>,
  settings: Pick<Settings, 'availability' | 'windowDays'>,
): readonly Objective[] {
  const cut = (days: number) => Math.min(days, settings.windowDays);
  if (hints.objectives) {
    return hints.objectives.map(objective => ({
      ...objective,
      windowDays: cut(objective.windowDays),
      source: 'annotation',
    }));
  }
  if (workload.objectives.length > 0) {
    return workload.objectives.map(objective => ({
      ...objective,
      windowDays: cut(objective.windowDays),
      source: 'application',
    }));
  }
  const { target, tiers } = settings.availability;
  return [
    {
      name: 'availability',
      target: tiers.get(tier ?? '') ?? target,
      windowDays: settings.windowDays,
      source: 'default',
    },
  ];
}
