import type {
  KubernetesCluster,
  KubernetesObject,
} from '../../kubernetes/KubernetesCluster';
import { kubernetesTime } from '../ApplicationTypes';
import { groupOf, refOf } from '../live/ResourceKey';
import { ApiError } from './ApiError';

/** @internal */
export interface ResourceAction {
  readonly name: string;
  readonly displayName?: string;
  readonly disabled?: boolean;
}

const WORKLOADS = ['Deployment', 'StatefulSet', 'DaemonSet'];

/** What can be done with an object. @internal */
export function resourceActions(object: KubernetesObject): ResourceAction[] {
  const group = groupOf(object.apiVersion);
  if (group === 'apps' && WORKLOADS.includes(object.kind)) {
    return [
      { name: 'restart' },
      ...(object.kind === 'Deployment'
        ? [
            { name: 'pause', disabled: object.spec?.paused === true },
            { name: 'resume', disabled: object.spec?.paused !== true },
          ]
        : []),
      ...(object.kind === 'DaemonSet' ? [] : [{ name: 'scale' }]),
    ];
  }
  if (group === 'argoproj.io' && object.kind === 'Rollout') {
    return rolloutActions(object);
  }
  return [];
}

function rolloutActions({ spec, status }: KubernetesObject): ResourceAction[] {
  const paused = (status?.pauseConditions?.length ?? 0) > 0 || spec?.paused;
  const updating =
    status?.currentPodHash !== undefined &&
    status.currentPodHash !== status.stableRS;
  return [
    { name: 'restart' },
    { name: 'resume', disabled: !paused },
    { name: 'pause', disabled: Boolean(spec?.paused) || !updating },
    { name: 'abort', disabled: !updating || Boolean(status?.abort) },
    { name: 'retry', disabled: !status?.abort },
    { name: 'promote-full', disabled: !updating },
    {
      name: 'skip-current-step',
      disabled: !updating || !spec?.strategy?.canary?.steps,
    },
  ];
}

/** Does one of the actions. @internal */
export function runAction(
  cluster: KubernetesCluster,
  object: KubernetesObject,
  action: string,
): void {
  const known = resourceActions(object).find(({ name }) => name === action);
  if (!known) {
    throw new ApiError(
      2,
      `error getting Lua resource action: built-in script does not exist`,
    );
  }
  const ref = refOf(object);
  const status = (patch: object) =>
    cluster.patch(ref, { status: patch }, { subresource: 'status' });
  const time = kubernetesTime();
  if (object.kind !== 'Rollout') {
    const patches: Record<string, object> = {
      restart: {
        spec: {
          template: {
            metadata: {
              annotations: { 'kubectl.kubernetes.io/restartedAt': time },
            },
          },
        },
      },
      pause: { spec: { paused: true } },
      resume: { spec: { paused: null } },
    };
    if (!patches[action]) {
      throw new ApiError(12, `the sandbox does not ${action} with an action`);
    }
    cluster.patch(ref, patches[action]);
    return;
  }
  switch (action) {
    case 'restart':
      cluster.patch(ref, { spec: { restartAt: time } });
      break;
    case 'resume':
      if (object.spec?.paused) {
        cluster.patch(ref, { spec: { paused: false } });
      }
      status({ pauseConditions: null });
      break;
    case 'pause':
      cluster.patch(ref, { spec: { paused: true } });
      break;
    case 'abort':
      status({ abort: true });
      break;
    case 'retry':
      status({ abort: false });
      break;
    case 'promote-full':
      status({ promoteFull: true });
      break;
    default:
      status({
        pauseConditions: null,
        currentStepIndex: (object.status?.currentStepIndex ?? 0) + 1,
      });
  }
}
