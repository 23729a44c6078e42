import { setTimeout as wait } from 'node:timers/promises';
import type { SandboxContext } from '../core/SandboxContext';
import type { ControllerTools } from '../kubernetes/controllers/Controller';
import { ControllerRunner } from '../kubernetes/controllers/ControllerRunner';
import { Timers } from '../kubernetes/controllers/Timers';
import type { KubernetesCluster } from '../kubernetes/KubernetesCluster';
import { createCompositeController } from './composition/createCompositeController';
import { createRevisionController } from './composition/createRevisionController';
import { createClaimController } from './definitions/createClaimController';
import { createDefinitionController } from './definitions/createDefinitionController';
import { readPassword } from './postgres/accessObjects';
import type { DatabaseAccess } from './postgres/accessObjects';
import { createBackupController } from './postgres/createBackupController';
import { createPostgresController } from './postgres/createPostgresController';
import { createScheduledBackupController } from './postgres/createScheduledBackupController';
import { PostgresProvisioner } from './postgres/PostgresProvisioner';
import { BROKEN_ANNOTATION, POSTGRES_CLUSTER } from './postgres/postgresTypes';
import type { PostgresRef } from './postgres/postgresTypes';
import { createPackageController } from './simulated/createPackageController';
import { createSimulatedController } from './simulated/createSimulatedController';

const STOP_PATIENCE_MS = 500;

/**
 * What {@link createCrossplane} works with.
 *
 * @public
 */
export interface CrossplaneOptions {
  readonly clusters: Iterable<KubernetesCluster>;
}

/**
 * Crossplane and what stands behind its composed resources.
 *
 * @public
 */
export interface Crossplane {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** How a database is reached; undefined if there is no such Cluster of CloudNativePG. */
  databaseOf(ref: PostgresRef): DatabaseAccess | undefined;
  /** Cuts everybody off from a database until it is repaired. */
  breakDatabase(ref: PostgresRef): Promise<void>;
  repairDatabase(ref: PostgresRef): Promise<void>;
}

/**
 * Creates what does Crossplane's and CloudNativePG's work in the clusters.
 *
 * @remarks
 * Composite resources are really composed, by the pipelines of their Compositions. Of what they are made of, a
 * `Cluster` of CloudNativePG is a real database in the embedded PostgreSQL; kinds that the sandbox has nothing for become
 * ready after a while and say that they are simulated.
 *
 * @public
 */
export function createCrossplane(
  context: SandboxContext,
  options: CrossplaneOptions,
): Crossplane {
  const provisioner = new PostgresProvisioner(context);
  const clusters = new Map(
    [...options.clusters].map(cluster => [
      cluster.name,
      run(context, cluster, provisioner),
    ]),
  );
  const locate = ({ cluster, namespace, name }: PostgresRef) => {
    const found = clusters.get(cluster);
    const object = found?.cluster.get({ ...POSTGRES_CLUSTER, namespace, name });
    return found && object ? { ...found, object } : undefined;
  };
  const setBroken = async (ref: PostgresRef, broken: boolean) => {
    const { cluster, namespace, name } = ref;
    const found = locate(ref);
    if (!found) {
      throw new TypeError(
        `There is no database '${namespace}/${name}' in the cluster '${cluster}'`,
      );
    }
    await provisioner.server?.setOpen(
      provisioner.nameOf('db', cluster, namespace, name),
      !broken,
    );
    found.cluster.patch(
      { ...POSTGRES_CLUSTER, namespace, name },
      {
        metadata: {
          annotations: { [BROKEN_ANNOTATION]: broken ? 'true' : null },
        },
      },
    );
  };

  return {
    start: async () => clusters.forEach(({ runner }) => runner.start()),
    stop: async () => {
      for (const { runner, timers } of clusters.values()) {
        runner.stop();
        timers.stop();
      }
      // Work on a server that hangs has no end to wait for; what is left undone is done in the next start.
      await Promise.race([
        provisioner.work.settle(),
        wait(STOP_PATIENCE_MS, undefined, { ref: false }),
      ]);
    },
    databaseOf: ref => {
      const found = locate(ref);
      const { cluster, namespace, name } = ref;
      const password = found && readPassword(found.cluster, namespace, name);
      return (
        found && {
          ...provisioner.accessOf(cluster, namespace, name),
          ...(password && { password }),
        }
      );
    },
    breakDatabase: ref => setBroken(ref, true),
    repairDatabase: ref => setBroken(ref, false),
  };
}

function run(
  context: SandboxContext,
  cluster: KubernetesCluster,
  provisioner: PostgresProvisioner,
) {
  const timers = new Timers(context);
  const tools: ControllerTools = { context, cluster, timers };
  const runner = new ControllerRunner(tools, [
    createDefinitionController(tools),
    createRevisionController(tools),
    createCompositeController(tools),
    createClaimController(tools),
    createPackageController(tools),
    createSimulatedController(tools),
    createPostgresController(tools, provisioner),
    createBackupController(tools, provisioner),
    createScheduledBackupController(tools),
  ]);
  return { cluster, runner, timers };
}
