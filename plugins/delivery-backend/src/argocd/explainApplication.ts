import type { CachedApplication } from '@waystone/integrations';

/** Longer texts of Argo CD are cut: rendering errors may hold whole files. */
const MOST_CHARACTERS = 300;

/** How many objects a sentence names. */
const MOST_NAMES = 2;

/**
 * Says what is wrong with an Application, from what Argo CD itself says of it.
 *
 * @returns `failed` if it does not work whatever its health says; no reason if nothing is wrong.
 */
export function explainApplication(application: CachedApplication): {
  readonly reason?: string;
  readonly failed: boolean;
} {
  const { metadata, status } = application;
  if (metadata.deletionTimestamp) {
    return { reason: 'It is being deleted.', failed: false };
  }
  if (!status) {
    return { reason: 'Argo CD has not looked at it yet.', failed: false };
  }
  const error = status.conditions.find(({ type }) => type.endsWith('Error'));
  if (error) {
    return {
      reason: `Argo CD reports ${error.type}: ${shorten(error.message)}`,
      failed: true,
    };
  }
  const attempt = status.operationState;
  if (attempt?.phase === 'Failed' || attempt?.phase === 'Error') {
    return {
      reason: `The last sync failed: ${shorten(attempt.message)}`,
      failed: true,
    };
  }
  return { reason: explainStatus(status), failed: false };
}

function explainStatus(
  status: NonNullable<CachedApplication['status']>,
): string | undefined {
  const health = status.health?.status;
  const { outOfSync } = status;
  switch (health) {
    case 'Degraded':
      return status.health?.message
        ? shorten(status.health.message)
        : 'Some of its objects do not work.';
    case 'Missing':
      return status.history.length === 0
        ? 'It was never deployed here.'
        : 'Objects that Git has are not in the cluster.';
    case 'Progressing':
      return 'Its pods are being replaced.';
    case 'Suspended':
      return 'It is suspended until somebody resumes it.';
    default:
  }
  if (outOfSync.length > 0) {
    const names = outOfSync
      .slice(0, MOST_NAMES)
      .map(({ kind, name }) => `${kind} ${name}`)
      .join(', ');
    const more = outOfSync.length - MOST_NAMES;
    return `Not as Git has it: ${names}${more > 0 ? ` and ${more} more` : ''}.`;
  }
  return status.sync?.status === 'Unknown'
    ? 'Argo CD does not know whether it is as Git has it.'
    : undefined;
}

function shorten(text: string | undefined): string {
  const line = (text ?? 'without a message').replace(/\s+/g, ' ').trim();
  return line.length > MOST_CHARACTERS
    ? `${line.slice(0, MOST_CHARACTERS - 1)}…`
    : line;
}
