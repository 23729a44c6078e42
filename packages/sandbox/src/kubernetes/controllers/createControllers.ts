import { join } from 'node:path';
import type { SandboxContext } from '../../core/SandboxContext';
import type { KubernetesCluster } from '../KubernetesCluster';
import { StatusError } from '../StatusError';
import type { Controller, ControllerTools } from './Controller';
import { ControllerRunner } from './ControllerRunner';
import { createAdmission } from './createAdmission';
import { createAutoscalerController } from './createAutoscalerController';
import { createCronJobController } from './createCronJobController';
import { createDaemonSetController } from './createDaemonSetController';
import { createDeploymentController } from './createDeploymentController';
import { createDisruptionController } from './createDisruptionController';
import { createEndpointsController } from './createEndpointsController';
import { createJobController } from './createJobController';
import { createKubelet } from './createKubelet';
import { createNodeController } from './createNodeController';
import { createQuotaController } from './createQuotaController';
import { createReplicaSetController } from './createReplicaSetController';
import { createRolloutController } from './createRolloutController';
import { createScheduler } from './createScheduler';
import {
  createIngressController,
  createServiceController,
} from './createServiceController';
import { createStatefulSetController } from './createStatefulSetController';
import { createVolumeController } from './createVolumeController';
import { createPodLogSource } from './createPodLogSource';
import { PodBehaviours } from './PodBehaviours';
import type { PodUsageSource } from './PodUsage';
import { defaultPodUsage } from './PodUsage';
import { Timers } from './Timers';

/** Options of {@link createControllers}. @public */
export interface ControllersOptions {
  /**
   * How many simulated nodes there are, each with 16 cores, 64 GiB and 250 pods.
   *
   * @defaultValue 3
   */
  readonly nodes?: number;
  /** What a pod uses, for the autoscaler. */
  readonly usage?: PodUsageSource;
}

/**
 * What makes a cluster's objects come alive.
 *
 * @public
 */
export interface KubernetesControllers {
  /** How pods behave; what is set here holds until it is cleared, over a restart too. */
  readonly behaviours: PodBehaviours;
  /** How often a controller was run since the start; it stands still while nothing changes. */
  readonly reconciles: number;
  /** Registers nodes, admission and the source of logs, and begins to work. */
  start(): void;
  /** Ends all work and timers. */
  stop(): void;
  /**
   * While on, healthy pods become ready at once and without events, for a cluster that is being filled: nobody waits
   * for the start of workloads that are said to have run for weeks.
   */
  setQuickStart(on: boolean): void;
}

/** Nothing fails for want of an event; a namespace that is going away takes none. */
function recordIfPossible(
  cluster: KubernetesCluster,
  event: Parameters<KubernetesCluster['recordEvent']>[0],
) {
  try {
    cluster.recordEvent(event);
  } catch (error) {
    if (!(error instanceof StatusError)) {
      throw error;
    }
  }
}

/** Creates the controllers of one cluster: those of Kubernetes, its scheduler, its nodes, and Argo Rollouts. */
export function createControllers(
  context: SandboxContext,
  cluster: KubernetesCluster,
  options: ControllersOptions = {},
): KubernetesControllers {
  const behaviours = new PodBehaviours(
    join(context.stateFolder, 'controllers', `${cluster.name}.json`),
  );
  const timers = new Timers(context);
  let quick = false;
  const tools: ControllerTools = {
    context,
    cluster: {
      ...cluster,
      recordEvent: event => {
        if (!quick) {
          recordIfPossible(cluster, event);
        }
      },
    },
    timers,
    isQuick: () => quick,
  };
  const controllers: readonly Controller[] = [
    createNodeController(tools, { count: options.nodes }),
    createVolumeController(tools),
    createServiceController(tools),
    createIngressController(tools),
    createCronJobController(tools),
    createJobController(tools),
    createDeploymentController(tools),
    createRolloutController(tools),
    createReplicaSetController(tools),
    createStatefulSetController(tools),
    createDaemonSetController(tools),
    createScheduler(tools),
    createKubelet(tools, behaviours),
    createEndpointsController(tools),
    createDisruptionController(tools),
    createQuotaController(tools),
    createAutoscalerController(tools, {
      usage: options.usage ?? defaultPodUsage,
    }),
  ];
  const runner = new ControllerRunner(tools, controllers);

  return {
    behaviours,
    get reconciles() {
      return runner.reconciles;
    },
    start() {
      cluster.addAdmissionPlugin(createAdmission(cluster));
      cluster.setPodLogSource(createPodLogSource(context, behaviours));
      runner.start();
    },
    stop() {
      runner.stop();
      timers.stop();
    },
    setQuickStart(on) {
      quick = on;
    },
  };
}
