import { findCondition } from '../../kubernetes/controllers/conditions';
import type { KubernetesObject } from '../../kubernetes/KubernetesCluster';
import type { PipelineState } from './ComposedState';
import { mergeValues } from './fieldPath';
import { patchAndTransform } from './patchAndTransform';

/** One step of a Composition's pipeline. */
export interface PipelineStep {
  readonly step: string;
  readonly functionRef: { readonly name: string };
  readonly input?: any;
}

/**
 * Runs the steps of a pipeline.
 *
 * @remarks
 * The sandbox has function-patch-and-transform, function-auto-ready and function-dummy, whatever the Function objects
 * are called. It runs no containers, so that no other function can be had.
 *
 * @throws Error that names the step.
 *
 * @internal
 */
export function runPipeline(
  steps: readonly PipelineStep[],
  state: PipelineState,
): void {
  for (const { step, functionRef, input } of steps) {
    try {
      runFunction(functionRef.name, input, state);
    } catch (error) {
      throw new Error(
        `cannot compose resources: pipeline step "${step}" returned a fatal result: ${
          (error as Error).message
        }`,
      );
    }
  }
}

function runFunction(name: string, input: any, state: PipelineState): void {
  const group = String(input?.apiVersion ?? '').split('/')[0];
  if (group === 'pt.fn.crossplane.io' || name.includes('patch-and-transform')) {
    patchAndTransform(state, input ?? {});
  } else if (group === 'dummy.fn.crossplane.io' || name.includes('dummy')) {
    respond(input?.response ?? {}, state);
  } else if (name.includes('auto-ready')) {
    detectReadiness(state);
  } else {
    throw new Error(
      `the sandbox cannot run the function "${name}": it has patch-and-transform and auto-ready only`,
    );
  }
}

/** Calls ready whatever says so itself. */
function detectReadiness(state: PipelineState): void {
  for (const [name, desired] of state.desired) {
    const observed = state.observed.get(name);
    if (desired.ready === undefined && observed && isHealthy(observed)) {
      desired.ready = true;
    }
  }
}

function isHealthy({ kind, status, spec }: KubernetesObject): boolean {
  const ready = findCondition(status?.conditions, 'Ready');
  if (ready) {
    return ready.status === 'True';
  }
  switch (kind) {
    case 'Deployment':
      return findCondition(status?.conditions, 'Available')?.status === 'True';
    case 'StatefulSet':
      return (status?.readyReplicas ?? 0) >= (spec?.replicas ?? 1);
    case 'Job':
      return findCondition(status?.conditions, 'Complete')?.status === 'True';
    case 'PersistentVolumeClaim':
      return status?.phase === 'Bound';
    default:
      // What has no status is there as soon as it is stored.
      return status === undefined || Object.keys(status).length === 0;
  }
}

/** Says what is written in the input, as function-dummy does. */
function respond(response: any, state: PipelineState): void {
  const { composite, resources = {} } = response.desired ?? {};
  state.status = mergeValues(
    state.status,
    composite?.resource?.status ?? {},
  ) as Record<string, unknown>;
  if (composite?.ready) {
    state.compositeReady = composite.ready === 'READY_TRUE';
  }
  for (const [name, resource] of Object.entries<any>(resources)) {
    state.desired.set(name, {
      object: mergeValues(
        state.desired.get(name)?.object ?? {},
        resource.resource,
      ),
      ready: resource.ready ? resource.ready === 'READY_TRUE' : undefined,
    });
  }
  for (const { severity, message } of response.results ?? []) {
    if (severity === 'SEVERITY_FATAL') {
      throw new Error(message);
    }
    state.results.push({
      severity: severity === 'SEVERITY_WARNING' ? 'Warning' : 'Normal',
      message,
    });
  }
}
