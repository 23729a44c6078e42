/**
 * The kinds of failures, as the `errorType` of Prometheus' answers.
 *
 * @internal
 */
export type PromqlErrorType =
  | 'bad_data'
  | 'execution'
  | 'canceled'
  | 'timeout'
  | 'internal'
  | 'not_found'
  | 'not_acceptable'
  | 'unavailable';

/**
 * A query that cannot be read or evaluated, in the words of Prometheus.
 *
 * @internal
 */
export class PromqlError extends Error {
  readonly type: PromqlErrorType;

  constructor(type: PromqlErrorType, message: string) {
    super(message);
    this.name = 'PromqlError';
    this.type = type;
  }

  /** A failure of the parser, at an offset in the query. */
  static parse(query: string, offset: number, message: string): PromqlError {
    return new PromqlError(
      'bad_data',
      `${describePosition(query, offset)}: parse error: ${message}`,
    );
  }
}

/** The line and the column of an offset, both counted from 1, such as `1:7`. */
export function describePosition(query: string, offset: number): string {
  const before = query.slice(0, offset);
  const line = before.split('\n').length;
  const column = offset - (before.lastIndexOf('\n') + 1) + 1;
  return `${line}:${column}`;
}
