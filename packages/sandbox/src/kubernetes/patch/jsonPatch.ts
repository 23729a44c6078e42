import { applyPatch } from 'fast-json-patch';
import type { Operation } from 'fast-json-patch';
import { StatusError } from '../StatusError';
import { badRequest } from '../write/statusErrors';

/**
 * Applies a JSON patch (RFC 6902) to a copy.
 *
 * @throws StatusError 400 if it is none, 422 if it cannot be applied
 */
export function applyJsonPatch<T>(target: T, patch: unknown): T {
  if (!Array.isArray(patch)) {
    throw badRequest(
      'error decoding patch: json: cannot unmarshal object into Go value of type jsonpatch.Patch',
    );
  }
  try {
    return applyPatch(
      structuredClone(target),
      patch as Operation[],
      true,
      false,
    ).newDocument;
  } catch {
    // Of the library: JsonPatchError, or TypeError where a path leads through a prototype or into what was moved away.
    throw new StatusError({
      code: 422,
      reason: 'Invalid',
      message: 'the server rejected our request due to an error in our request',
      details: {},
    });
  }
}
