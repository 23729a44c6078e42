import type { Deployment } from '@waystone/plugin-delivery-common';

/** The key of the word that says best what is up with a deployment. */
export function wordOf({
  drifted,
  health,
  operation,
  state,
  sync,
}: Deployment) {
  if (state === 'critical' && health === 'healthy') {
    return 'cell.failed' as const;
  }
  if (state === 'critical' && health === 'progressing') {
    return 'cell.stuck' as const;
  }
  if (state === 'progressing' && operation?.phase === 'running') {
    return 'health.progressing' as const;
  }
  if (health === 'healthy' && (sync === 'out-of-sync' || drifted > 0)) {
    return 'cell.drift' as const;
  }
  return `health.${health}` as const;
}
