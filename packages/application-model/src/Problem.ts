/** Where a field is, by keys and indexes. @public */
export type FieldPath = readonly (string | number)[];

/** Something that is wrong with a document, and how to put it right. @public */
export interface Problem {
  /** Of the rule, such as `unknown-field`. */
  readonly code: string;
  /** `error`: nothing is compiled. `warning`: it is, but somebody should look. */
  readonly severity: 'error' | 'warning';
  /** What is wrong, in a sentence. */
  readonly message: string;
  /** What to write instead, in a sentence. */
  readonly suggestion?: string;
  readonly path: FieldPath;
  /** The path for people, such as `spec.ports[0].name`; empty for the whole document. */
  readonly field: string;
  /** From 1; absent if the document was not read from a text. */
  readonly line?: number;
  /** From 1. */
  readonly column?: number;
}

/** A problem of a field, without a place in a text. */
export function problemAt(
  path: FieldPath,
  problem: Pick<Problem, 'code' | 'message' | 'suggestion'> & {
    readonly severity?: Problem['severity'];
  },
): Problem {
  return { severity: 'error', ...problem, path, field: formatPath(path) };
}

/** A path for people: `spec.owner`, `spec.ports[0]`, `spec.env["a b"]`. */
export function formatPath(path: FieldPath): string {
  return path
    .map((part, index) => {
      if (typeof part === 'number') {
        return `[${part}]`;
      }
      if (!/^[A-Za-z_][A-Za-z0-9_-]*$/.test(part)) {
        return `[${JSON.stringify(shorten(part))}]`;
      }
      return index === 0 ? part : `.${part}`;
    })
    .join('');
}

/** A value as it is quoted in a message. */
export function shorten(value: unknown): string {
  const text =
    typeof value === 'string' ? value : JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
