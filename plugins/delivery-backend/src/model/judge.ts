import type { DeliveryState } from '@waystone/plugin-delivery-common';
import type { ObservedDeployment } from '@waystone/plugin-delivery-node';

/** Sync and health of a deployment in one word. */
export function judge(observed: ObservedDeployment): DeliveryState {
  const { failed, health, operation, past, sync, unmanaged } = observed;
  const deployed = past.some(({ outcome }) => outcome === 'succeeded');
  if (failed || health === 'degraded' || (health === 'missing' && deployed)) {
    return 'critical';
  }
  if (health === 'progressing' || operation?.phase === 'running') {
    return 'progressing';
  }
  if (
    sync === 'out-of-sync' ||
    health === 'suspended' ||
    health === 'missing'
  ) {
    return 'attention';
  }
  return health === 'healthy' && (sync === 'synced' || unmanaged)
    ? 'healthy'
    : 'unknown';
}
