import { applyPatch } from 'fast-json-patch';
import type { Operation } from 'fast-json-patch';
import { formatPath, problemAt } from '../Problem';
import type { FieldPath, Problem } from '../Problem';
import type { Origins } from '../output/Origins';
import type { JsonValue, Manifest } from '../output/unwrap';
import type { Workload } from '../schema/Application';
import { strategicMerge } from './strategicMerge';

/** A change that the model has no field for. */
export type Patch = NonNullable<Workload['patches']>[number];

/** A patch, and where it stands. */
export interface PlacedPatch {
  readonly patch: Patch;
  readonly path: FieldPath;
}

/** An object that can be patched. */
export interface Patchable {
  object: Manifest;
  readonly origins: Origins;
  patches: number;
}

/** Says of an object how many patches it has. */
const PATCHES_ANNOTATION = 'waystone.dev/patches';

/**
 * Changes the objects, and marks what has changed.
 *
 * @returns what could not be applied
 */
export function applyPatches(
  manifests: readonly Patchable[],
  patches: readonly PlacedPatch[],
): Problem[] {
  const problems: Problem[] = [];
  for (const { patch, path } of patches) {
    const { kind, name } = patch.target;
    const targets = manifests.filter(
      ({ object }) =>
        object.kind === kind &&
        (name === undefined || object.metadata.name === name),
    );
    if (targets.length === 0) {
      problems.push(
        problemAt([...path, 'target'], {
          code: 'patch-without-target',
          message: `There is no ${kind}${name ? ` '${name}'` : ''} to patch.`,
          suggestion: `There are: ${[
            ...new Set(manifests.map(({ object }) => object.kind)),
          ].join(', ')}.`,
        }),
      );
    }
    for (const target of targets) {
      const problem = applyTo(target, patch, path);
      if (problem) {
        problems.push(problem);
      }
    }
  }
  for (const { object, patches: count } of manifests) {
    if (count > 0) {
      object.metadata.annotations = {
        ...object.metadata.annotations,
        [PATCHES_ANNOTATION]: String(count),
      };
    }
  }
  return problems;
}

function applyTo(
  target: Patchable,
  patch: Patch,
  path: FieldPath,
): Problem | undefined {
  const before = target.object;
  let after: Manifest;
  try {
    after = change(before, patch);
  } catch (error) {
    const [reason] = String((error as Error).message).split('\n');
    return problemAt(path, {
      code: 'patch-fails',
      message: `The patch does not fit ${before.kind} '${before.metadata.name}': ${reason}.`,
      suggestion: 'Compare its paths with the compiled object.',
    });
  }
  if (
    identityOf(after) !== identityOf(before) ||
    typeof after.metadata !== 'object'
  ) {
    return problemAt(path, {
      code: 'patch-changes-identity',
      message: `The patch changes what ${before.kind} '${before.metadata.name}' is called or where it is.`,
      suggestion: 'Leave apiVersion, kind, name and namespace as they are.',
    });
  }
  const reason = patch.reason === undefined ? '' : `: ${patch.reason}`;
  mark(
    before,
    after,
    `off the path, ${formatPath(path)}${reason}`,
    target.origins,
  );
  target.object = after;
  target.patches += 1;
  return undefined;
}

function change(object: Manifest, patch: Patch): Manifest {
  if ('strategic' in patch) {
    return strategicMerge(
      object as unknown as JsonValue,
      patch.strategic as JsonValue,
    ) as unknown as Manifest;
  }
  // Checks each operation, and refuses to touch prototypes
  return applyPatch(object, patch.json as Operation[], true, false, true)
    .newDocument;
}

function identityOf({ apiVersion, kind, metadata }: Manifest): string {
  return JSON.stringify([
    apiVersion,
    kind,
    metadata?.name,
    metadata?.namespace,
  ]);
}

/** Notes where two values differ, and forgets where the old ones came from. */
function mark(
  before: unknown,
  after: unknown,
  origin: string,
  origins: Origins,
): void {
  if (before === after) {
    return;
  }
  if (isObject(before) && isObject(after)) {
    for (const key of Object.keys(after)) {
      mark(before[key], after[key], origin, origins.part(key));
    }
  } else if (
    Array.isArray(before) &&
    Array.isArray(after) &&
    before.length <= after.length
  ) {
    after.forEach((item, index) =>
      mark(before[index], item, origin, origins.part(index)),
    );
  } else if (JSON.stringify(before) !== JSON.stringify(after)) {
    origins.clear();
    origins.say(origin);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
