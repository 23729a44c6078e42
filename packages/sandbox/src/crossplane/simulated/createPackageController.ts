import type {
  Controller,
  ControllerTools,
} from '../../kubernetes/controllers/Controller';
import { setCondition } from '../../kubernetes/controllers/conditions';
import { writeStatus } from '../../kubernetes/controllers/writeStatus';
import { Pauses } from '../Pauses';
import { PACKAGES } from '../crossplaneTypes';
import { typedKey, typedRef } from '../TypedKeys';

const INSTALL_MILLISECONDS = 4000;

/** Says of every package that it is installed. Nothing is fetched. */
export function createPackageController({
  cluster,
  timers,
}: ControllerTools): Controller {
  const pauses = new Pauses(timers);
  return {
    name: 'packages',
    watches: PACKAGES.map(type => ({
      type,
      keys: ({ object }) => [typedKey(object)],
    })),
    reconcile(key, queue) {
      const found = cluster.get(typedRef(key));
      if (!found || found.status?.conditions) {
        return;
      }
      const name = `package ${key} ${found.metadata.uid}`;
      if (!pauses.isOver(name, INSTALL_MILLISECONDS, () => queue.add(key))) {
        return;
      }
      const installed = setCondition([], {
        type: 'Installed',
        status: 'True',
        reason: 'ActivePackageRevision',
      });
      writeStatus(
        cluster,
        found,
        {
          currentIdentifier: found.spec.package,
          currentRevision: `${found.metadata.name}-${
            found.metadata.uid!.split('-')[0]
          }`,
          conditions: setCondition(installed, {
            type: 'Healthy',
            status: 'True',
            reason: 'HealthyPackageRevision',
            message: 'Simulated by the sandbox: no container runs for it',
          }),
        },
        'packages',
      );
    },
  };
}
