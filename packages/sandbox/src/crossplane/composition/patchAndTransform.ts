import { findCondition } from '../../kubernetes/controllers/conditions';
import type { KubernetesObject } from '../../kubernetes/KubernetesCluster';
import type { PipelineState } from './ComposedState';
import { getField, mergeValues, setField } from './fieldPath';
import { formatText, transformValue } from './transformValue';
import type { Transform } from './transformValue';

/** One patch of function-patch-and-transform. */
interface Patch {
  readonly type?: string;
  readonly fromFieldPath?: string;
  readonly toFieldPath?: string;
  readonly patchSetName?: string;
  readonly combine?: {
    readonly variables: readonly { readonly fromFieldPath: string }[];
    readonly strategy: string;
    readonly string?: { readonly fmt: string };
  };
  readonly transforms?: readonly Transform[];
  readonly policy?: {
    readonly fromFieldPath?: 'Optional' | 'Required';
    readonly toFieldPath?: string;
  };
}

interface ReadinessCheck {
  readonly type: string;
  readonly fieldPath?: string;
  readonly matchString?: string;
  readonly matchInteger?: number;
  readonly matchCondition?: { readonly type: string; readonly status: string };
}

interface ResourceTemplate {
  readonly name: string;
  readonly base?: KubernetesObject;
  readonly patches?: readonly Patch[];
  readonly readinessChecks?: readonly ReadinessCheck[];
}

/** The input of a step, `pt.fn.crossplane.io/v1beta1` `Resources`. */
export interface PatchAndTransformInput {
  readonly patchSets?: readonly {
    readonly name: string;
    readonly patches: readonly Patch[];
  }[];
  readonly resources?: readonly ResourceTemplate[];
}

/** A field that has to be there is not there yet. */
class MissingFieldError extends Error {}

/**
 * Does what function-patch-and-transform does: takes each resource's base, patches values of the composite into it and
 * values of what is there into the composite's status, and says what is ready.
 *
 * @throws Error that names the resource and the patch.
 *
 * @internal
 */
export function patchAndTransform(
  state: PipelineState,
  input: PatchAndTransformInput,
): void {
  for (const template of input.resources ?? []) {
    const patches = expand(template.patches ?? [], input);
    const observed = state.observed.get(template.name);
    const object: any = mergeValues(
      structuredClone(plain(state.desired.get(template.name)?.object ?? {})),
      structuredClone(plain(template.base ?? {})),
    );
    if (!object.kind) {
      throw new Error(
        `invalid Function input: resources: "${template.name}" has no base`,
      );
    }
    let isComplete = true;
    patches.forEach((patch, index) => {
      try {
        if (isToComposite(patch)) {
          if (observed) {
            const composite = { status: state.status };
            applyPatch(patch, observed, composite);
            state.status = composite.status;
          }
        } else {
          applyPatch(patch, state.composite, object);
        }
      } catch (error) {
        if (error instanceof MissingFieldError && !isToComposite(patch)) {
          state.results.push({
            severity: 'Warning',
            message: `not adding new composed resource "${
              template.name
            }" to desired state because "${
              patch.type ?? 'FromCompositeFieldPath'
            }" patch at index ${index} has 'policy.fromFieldPath: Required': ${
              error.message
            }`,
          });
          isComplete = false;
          return;
        }
        if (!(error instanceof MissingFieldError)) {
          throw new Error(
            `cannot render patches for composed resource "${
              template.name
            }": cannot apply the "${
              patch.type ?? 'FromCompositeFieldPath'
            }" patch at index ${index}: ${(error as Error).message}`,
          );
        }
      }
    });
    // What is there already stays as it is wanted; only new objects wait for their values.
    if (isComplete || observed) {
      state.desired.set(template.name, {
        object,
        ready: observed
          ? isReady(observed, template.readinessChecks)
          : undefined,
      });
    }
  }
}

function expand(
  patches: readonly Patch[],
  { patchSets = [] }: PatchAndTransformInput,
): readonly Patch[] {
  return patches.flatMap(patch => {
    if (patch.type !== 'PatchSet') {
      return [patch];
    }
    const set = patchSets.find(({ name }) => name === patch.patchSetName);
    if (!set) {
      throw new Error(
        `cannot resolve PatchSets: cannot find PatchSet by name ${patch.patchSetName}`,
      );
    }
    return set.patches;
  });
}

function isToComposite(patch: Patch): boolean {
  return (
    patch.type === 'ToCompositeFieldPath' || patch.type === 'CombineToComposite'
  );
}

function applyPatch(patch: Patch, from: unknown, to: any): void {
  const type = patch.type ?? 'FromCompositeFieldPath';
  let value: unknown;
  switch (type) {
    case 'FromCompositeFieldPath':
    case 'ToCompositeFieldPath': {
      if (!patch.fromFieldPath) {
        throw new Error('fromFieldPath must be set');
      }
      value = getField(from, patch.fromFieldPath);
      if (value === undefined || value === null) {
        skip(patch, patch.fromFieldPath);
        return;
      }
      break;
    }
    case 'CombineFromComposite':
    case 'CombineToComposite': {
      const { variables = [], strategy, string } = patch.combine ?? {};
      if (strategy !== 'string' || !string) {
        throw new Error(`combine strategy ${strategy} is not supported`);
      }
      const values = variables.map(({ fromFieldPath }) => ({
        fromFieldPath,
        value: getField(from, fromFieldPath),
      }));
      const missing = values.find(
        item => item.value === undefined || item.value === null,
      );
      if (missing) {
        skip(patch, missing.fromFieldPath);
        return;
      }
      value = formatText(
        string.fmt,
        values.map(item => item.value),
      );
      break;
    }
    default:
      throw new Error(`patch type ${type} is not supported`);
  }
  const target = patch.toFieldPath ?? patch.fromFieldPath;
  if (!target) {
    throw new Error('toFieldPath must be set');
  }
  const result = structuredClone(
    plain(transformValue(value, patch.transforms)),
  );
  const merges = (patch.policy?.toFieldPath ?? 'Replace').includes('Merge');
  setField(
    to,
    target,
    merges ? mergeValues(getField(to, target), result) : result,
  );
}

/** A field that is not there is an optional one, unless the patch says otherwise. */
function skip(patch: Patch, path: string): void {
  if (patch.policy?.fromFieldPath === 'Required') {
    throw new MissingFieldError(`${path}: no such field`);
  }
}

function isReady(
  observed: KubernetesObject,
  checks: readonly ReadinessCheck[] = [
    {
      type: 'MatchCondition',
      matchCondition: { type: 'Ready', status: 'True' },
    },
  ],
): boolean {
  return checks.every(check => {
    const value = check.fieldPath
      ? getField(observed, check.fieldPath)
      : undefined;
    switch (check.type) {
      case 'None':
        return true;
      case 'NonEmpty':
        return value !== undefined && value !== null && value !== '';
      case 'MatchString':
        return value === check.matchString;
      case 'MatchInteger':
        return value === check.matchInteger;
      case 'MatchTrue':
        return value === true;
      case 'MatchFalse':
        return value === false;
      case 'MatchCondition':
        return (
          findCondition(
            observed.status?.conditions,
            check.matchCondition?.type ?? 'Ready',
          )?.status === (check.matchCondition?.status ?? 'True')
        );
      default:
        throw new Error(`readiness check type ${check.type} is not supported`);
    }
  });
}

/** Stored objects are frozen and may have no prototype. */
function plain<T>(value: T): T {
  return value === undefined ? value : JSON.parse(JSON.stringify(value));
}
