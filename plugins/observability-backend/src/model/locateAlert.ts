import type { Alert } from '@waystone/plugin-observability-common';
import type { ObservedAlert } from '../alerts/AlertBook';
import type { ServiceEntity } from '../catalog/ServiceEntity';
import type { ServiceLocator } from './ServiceLocator';

/** Labels that may name the service, the most certain first; without `exported_` they may be those of an exporter. */
const SERVICE_LABELS = [
  'exported_service',
  'service',
  'deployment',
  'app_kubernetes_io_name',
  'app',
];

/** An alert with the service and the environment that it is about. */
export function locateAlert(
  alert: ObservedAlert,
  locator: ServiceLocator,
  services: readonly ServiceEntity[],
): Alert {
  const { labels, ...rest } = alert;
  const namespace = labels.exported_namespace ?? labels.namespace;
  const candidates = SERVICE_LABELS.flatMap(label => labels[label] ?? []).map(
    service => locator.find({ cluster: labels.cluster, namespace, service }),
  );
  const found = candidates.find(({ entity }) => entity) ?? candidates[0];
  return {
    ...rest,
    receivers: rest.receivers && [...rest.receivers],
    entityRef: found?.entity?.entityRef,
    title: found?.entity?.title,
    owner:
      found?.entity?.owner ?? ownerOf(labels.team ?? labels.owner, services),
    environment: found?.environment?.name ?? labels.environment,
    namespace,
  };
}

/** The ref of the team whose name a label has, if it owns something; else the name. */
function ownerOf(
  name: string | undefined,
  services: readonly ServiceEntity[],
): string | undefined {
  return name
    ? services.find(({ owner }) => owner?.endsWith(`/${name}`))?.owner ?? name
    : undefined;
}
