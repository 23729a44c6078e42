import { parser } from '@prometheus-io/lezer-promql';
import { checkExpression } from './checkExpression';
import type { Expression } from './Expression';
import { buildExpression } from './buildExpression';
import { PromqlError } from './PromqlError';
import { findSyntaxError } from './findSyntaxError';

/** Nobody writes longer ones, and a parse must not hold up everything else. */
const LONGEST_QUERY = 100_000;

/**
 * Reads a PromQL expression and checks its types.
 *
 * @throws {@link PromqlError} with position and text as near as possible to the ones of Prometheus.
 *
 * @internal
 */
export function parseQuery(query: string): Expression {
  if (query.length > LONGEST_QUERY) {
    throw new PromqlError('bad_data', 'the query is too long');
  }
  const tree = parser.parse(query);
  const problem = findSyntaxError(query, tree);
  if (problem) {
    const { offset, message } = problem;
    throw offset === undefined
      ? new PromqlError('bad_data', `unknown position: parse error: ${message}`)
      : PromqlError.parse(query, offset, message);
  }
  const expression = buildExpression(query, tree.topNode.firstChild!);
  checkExpression(query, expression);
  return expression;
}
