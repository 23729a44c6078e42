import { InputError } from '@backstage/errors';
import { isNode, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { policyDocumentSchema } from './policyDocument';
import type { PolicyDocument } from './policyDocument';

/** So many mistakes are named at once. */
const MOST_NAMED = 10;

/**
 * Reads a policy.
 *
 * @param text - YAML
 * @param path - names the file in errors
 *
 * @throws InputError that names each mistake with its line and where it is in the document.
 *
 * @internal
 */
export function parsePolicy(text: string, path: string): PolicyDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  if (document.errors.length > 0) {
    throw new InputError(
      describe(
        path,
        document.errors.map(
          ({ message, pos }) =>
            `line ${lines.linePos(pos[0]).line}: ${message.split('\n')[0]}`,
        ),
      ),
    );
  }
  const parsed = policyDocumentSchema.safeParse(document.toJS());
  if (parsed.success) {
    return parsed.data;
  }
  const lineOf = (keys: readonly PropertyKey[]): number => {
    // What is missing has no line; what it is missing in has one.
    for (let length = keys.length; length >= 0; length--) {
      const node = document.getIn(keys.slice(0, length), true);
      if (isNode(node) && node.range) {
        return lines.linePos(node.range[0]).line;
      }
    }
    return 1;
  };
  throw new InputError(
    describe(
      path,
      parsed.error.issues.flatMap(issue =>
        explain(issue).map(
          ({ keys, message }) =>
            `line ${lineOf(keys)}, ${keys.join('.') || 'document'}: ${message}`,
        ),
      ),
    ),
  );
}

/** One mistake a key that there is not, rather than one for all. */
function explain(
  issue: z.core.$ZodIssue,
): { keys: PropertyKey[]; message: string }[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map(key => ({
      keys: [...issue.path, key],
      message: `there is no '${key}' here`,
    }));
  }
  if (issue.code === 'invalid_key') {
    return [{ keys: issue.path, message: issue.issues[0].message }];
  }
  return [{ keys: issue.path, message: issue.message }];
}

function describe(path: string, mistakes: readonly string[]): string {
  const more = mistakes.length - MOST_NAMED;
  return [
    `Invalid permission policy ${path}:`,
    ...mistakes.slice(0, MOST_NAMED),
    ...(more > 0 ? [`and ${more} more`] : []),
  ].join('\n  ');
}
