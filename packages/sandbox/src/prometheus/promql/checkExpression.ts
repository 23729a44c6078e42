import type { Aggregation, Binary, Call, Expression } from './Expression';
import { isComparison, isSetOperator, typeOf } from './Expression';
import type { ValueType } from './functionSignatures';
import { METRIC_NAME } from './Labels';
import { PromqlError } from './PromqlError';
import { quote } from './quote';

const TYPE_NAMES: Readonly<Record<ValueType, string>> = {
  scalar: 'scalar',
  vector: 'instant vector',
  matrix: 'range vector',
  string: 'string',
};

/**
 * Checks that everything in an expression has the type that its place asks for.
 *
 * @throws {@link PromqlError} with the words of Prometheus' parser.
 *
 * @internal
 */
export function checkExpression(query: string, expression: Expression): void {
  const fail = (offset: number, message: string): never => {
    throw PromqlError.parse(query, offset, message);
  };
  const check = (node: Expression): void => {
    switch (node.kind) {
      case 'parentheses':
        check(node.expression);
        break;
      case 'unary': {
        check(node.expression);
        const type = typeOf(node.expression);
        if (type !== 'scalar' && type !== 'vector') {
          fail(
            node.start,
            `unary expression only allowed on expressions of type scalar or instant vector, got ${quote(
              TYPE_NAMES[type],
            )}`,
          );
        }
        break;
      }
      case 'subquery':
        check(node.expression);
        if (typeOf(node.expression) !== 'vector') {
          fail(
            node.start,
            `subquery is only allowed on instant vector, got ${typeOf(
              node.expression,
            )} instead`,
          );
        }
        break;
      case 'matrix-selector':
        check(node.selector);
        break;
      case 'vector-selector':
        checkSelector(node, fail);
        break;
      case 'aggregation':
        checkAggregation(node, check, fail);
        break;
      case 'binary':
        check(node.left);
        check(node.right);
        checkBinary(query, node, fail);
        break;
      case 'call':
        checkCall(node, check, fail);
        break;
      default:
    }
  };
  check(expression);
}

type Fail = (offset: number, message: string) => never;

function checkSelector(
  node: Extract<Expression, { kind: 'vector-selector' }>,
  fail: Fail,
): void {
  if (node.name) {
    const other = node.matchers
      .slice(0, -1)
      .find(({ name }) => name === METRIC_NAME);
    if (other) {
      fail(
        node.start,
        `metric name must not be set twice: ${quote(node.name)} or ${quote(
          other.value,
        )}`,
      );
    }
  } else if (node.matchers.every(matcher => matcher.matches(''))) {
    fail(
      node.start,
      'vector selector must contain at least one non-empty matcher',
    );
  }
}

function checkAggregation(
  node: Aggregation,
  check: (node: Expression) => void,
  fail: Fail,
): void {
  const expect = (part: Expression, type: ValueType, context: string) => {
    check(part);
    if (typeOf(part) !== type) {
      fail(
        part.start,
        `expected type ${TYPE_NAMES[type]} in ${context}, got ${
          TYPE_NAMES[typeOf(part)]
        }`,
      );
    }
  };
  expect(node.expression, 'vector', 'aggregation expression');
  if (node.parameter) {
    expect(
      node.parameter,
      node.operator === 'count_values' ? 'string' : 'scalar',
      'aggregation parameter',
    );
  }
}

function checkBinary(query: string, node: Binary, fail: Fail): void {
  const { left, right, operator, matching } = node;
  const types = [typeOf(left), typeOf(right)];
  const operatorStart = left.end + query.slice(left.end).search(/[^\s)]/);
  const comparison = isComparison(operator);
  if (node.bool && !comparison) {
    fail(
      operatorStart,
      'bool modifier can only be used on comparison operators',
    );
  }
  if (comparison && !node.bool && types.every(type => type === 'scalar')) {
    fail(operatorStart, 'comparisons between scalars must use BOOL modifier');
  }
  const twice = matching?.on
    ? matching.labels.find(label => matching.include.includes(label))
    : undefined;
  if (twice) {
    fail(
      operatorStart,
      `label ${quote(twice)} must not occur in ON and GROUP clause at once`,
    );
  }
  for (const side of [left, right]) {
    if (!['scalar', 'vector'].includes(typeOf(side))) {
      fail(
        side.start,
        'binary expression must contain only scalar and instant vector types',
      );
    }
  }
  if (types.includes('scalar')) {
    if (matching && matching.labels.length > 0) {
      fail(node.start, 'vector matching only allowed between instant vectors');
    }
    if (isSetOperator(operator)) {
      fail(
        node.start,
        `set operator ${quote(
          operator,
        )} not allowed in binary scalar expression`,
      );
    }
  } else if (isSetOperator(operator) && matching?.cardinality !== 'many') {
    fail(node.start, `no grouping allowed for ${quote(operator)} operation`);
  }
}

function checkCall(
  node: Call,
  check: (node: Expression) => void,
  fail: Fail,
): void {
  const { name, args, variadic } = node.signature;
  const got = node.args.length;
  if (variadic === 0 && got !== args.length) {
    fail(
      node.start,
      `expected ${args.length} argument(s) in call to ${quote(
        name,
      )}, got ${got}`,
    );
  }
  const least = variadic === 0 ? args.length : args.length - 1;
  if (got < least) {
    fail(
      node.start,
      `expected at least ${least} argument(s) in call to ${quote(
        name,
      )}, got ${got}`,
    );
  }
  if (variadic > 0 && got > least + variadic) {
    fail(
      node.start,
      `expected at most ${least + variadic} argument(s) in call to ${quote(
        name,
      )}, got ${got}`,
    );
  }
  node.args.forEach((arg, index) => {
    check(arg);
    const wanted = args[Math.min(index, args.length - 1)];
    if (typeOf(arg) !== wanted) {
      fail(
        arg.start,
        `expected type ${TYPE_NAMES[wanted]} in call to function ${quote(
          name,
        )}, got ${TYPE_NAMES[typeOf(arg)]}`,
      );
    }
  });
}
