import type { KubernetesCluster } from '../kubernetes/KubernetesCluster';
import type { Application } from './ApplicationTypes';
import type { Destination } from './Destinations';
import type { LiveState } from './live/LiveState';
import { refOf } from './live/ResourceKey';
import { hasSyncOption } from './sync/SyncTask';

/** Makes the deletion of an Application delete what it has deployed. @internal */
export const RESOURCES_FINALIZER = 'resources-finalizer.argocd.argoproj.io';

/**
 * Goes on with the deletion of an Application: deletes its objects if it has the finalizer for it, and lets it go
 * when they are gone.
 *
 * @internal
 */
export function deleteResources(options: {
  application: Application;
  home: KubernetesCluster;
  destination: Destination | string;
  live: LiveState;
  instance: string;
}): void {
  const { application, home, destination, live, instance } = options;
  const finalizers = application.metadata.finalizers ?? [];
  const cascade = finalizers.find(name => name.startsWith(RESOURCES_FINALIZER));
  if (!cascade) {
    return;
  }
  if (typeof destination !== 'string') {
    const objects = [
      ...live.managed(destination.cluster, instance).values(),
    ].filter(
      object =>
        !hasSyncOption(object, 'Delete=false') &&
        !hasSyncOption(object, 'Prune=false'),
    );
    for (const object of objects) {
      if (!object.metadata.deletionTimestamp) {
        destination.cluster.delete(refOf(object), {
          propagationPolicy: cascade.endsWith('/background')
            ? 'Background'
            : 'Foreground',
        });
      }
    }
    if (objects.some(object => destination.cluster.get(refOf(object)))) {
      return; // every change of them comes back here
    }
  }
  home.patch(refOf(application), {
    metadata: { finalizers: finalizers.filter(name => name !== cascade) },
  });
}
