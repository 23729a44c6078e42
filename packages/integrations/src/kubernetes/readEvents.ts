import type { EventOptions, KubernetesClient } from './Client';
import { eventSchema } from './types';
import type { KubernetesEvent } from './types';

const LIMIT = 100;
const EVENTS = { apiVersion: 'events.k8s.io/v1', kind: 'Event' };

/**
 * Reads events, the newest first, from the clients of both APIs: older components still fill the fields of core/v1.
 *
 * @internal
 */
export async function readEvents(
  client: Pick<KubernetesClient, 'list'>,
  options: EventOptions,
): Promise<readonly KubernetesEvent[]> {
  const { limit = LIMIT, namespace, regarding = {}, signal } = options;
  const fieldSelector = (['kind', 'name', 'uid'] as const)
    .filter(field => regarding[field])
    .map(field => `regarding.${field}=${regarding[field]}`)
    .join(',');
  const { items } = await client.list(EVENTS, {
    namespace,
    fieldSelector: fieldSelector || undefined,
    signal,
  });
  return items
    .map(toEvent)
    .sort((a, b) => timeOf(b) - timeOf(a))
    .slice(0, limit);
}

function toEvent(item: unknown): KubernetesEvent {
  const event = eventSchema.parse(item);
  const { regarding, series } = event;
  return {
    type: event.type === 'Warning' ? 'Warning' : 'Normal',
    reason: event.reason ?? '',
    message: event.note ?? '',
    count: series?.count ?? event.deprecatedCount ?? 1,
    firstSeenAt:
      event.eventTime ??
      event.deprecatedFirstTimestamp ??
      event.metadata.creationTimestamp ??
      undefined,
    lastSeenAt:
      series?.lastObservedTime ??
      event.deprecatedLastTimestamp ??
      event.eventTime ??
      event.metadata.creationTimestamp ??
      undefined,
    source:
      event.reportingController ||
      event.deprecatedSource?.component ||
      undefined,
    regarding: { ...regarding },
  };
}

function timeOf(event: KubernetesEvent): number {
  return event.lastSeenAt ? Date.parse(event.lastSeenAt) : 0;
}
