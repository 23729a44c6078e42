import type { FunctionSignature, ValueType } from './functionSignatures';
import type { Matcher } from './Matcher';

/** Where something stands in the query: from the first character to behind the last one. */
interface Place {
  readonly start: number;
  readonly end: number;
}

/** @internal */
export interface NumberLiteral extends Place {
  readonly kind: 'number';
  readonly value: number;
  /** Whether it was written as a duration, such as `5m`. */
  readonly duration: boolean;
}

/** @internal */
export interface StringLiteral extends Place {
  readonly kind: 'string';
  readonly value: string;
}

/** Moves the time at which something is looked at. */
export interface TimeShift {
  /** In milliseconds, back in time. */
  readonly offset: number;
  /** A fixed time in milliseconds, or the query's own start or end. */
  readonly at?: number | 'start' | 'end';
}

/** @internal */
export interface VectorSelector extends Place, TimeShift {
  readonly kind: 'vector-selector';
  readonly name: string;
  /** With the one of the metric's name. */
  readonly matchers: readonly Matcher[];
}

/** @internal */
export interface MatrixSelector extends Place {
  readonly kind: 'matrix-selector';
  readonly selector: VectorSelector;
  /** In milliseconds. */
  readonly range: number;
}

/** @internal */
export interface Subquery extends Place, TimeShift {
  readonly kind: 'subquery';
  readonly expression: Expression;
  readonly range: number;
  readonly step?: number;
}

/** @internal */
export interface Call extends Place {
  readonly kind: 'call';
  readonly signature: FunctionSignature;
  readonly args: readonly Expression[];
}

/** @internal */
export type AggregationOperator =
  | 'sum'
  | 'avg'
  | 'count'
  | 'min'
  | 'max'
  | 'group'
  | 'stddev'
  | 'stdvar'
  | 'topk'
  | 'bottomk'
  | 'quantile'
  | 'count_values';

/** @internal */
export interface Aggregation extends Place {
  readonly kind: 'aggregation';
  readonly operator: AggregationOperator;
  readonly expression: Expression;
  readonly parameter?: Expression;
  readonly grouping: readonly string[];
  readonly without: boolean;
}

/** @internal */
export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%' | '^' | 'atan2';
/** @internal */
export type ComparisonOperator = '==' | '!=' | '>' | '<' | '>=' | '<=';
/** @internal */
export type SetOperator = 'and' | 'or' | 'unless';

/** @internal */
export interface VectorMatching {
  readonly cardinality: 'one' | 'many-to-one' | 'one-to-many' | 'many';
  /** Whether only the labels count, or all others. */
  readonly on: boolean;
  readonly labels: readonly string[];
  /** What `group_left` and `group_right` copy. */
  readonly include: readonly string[];
}

/** @internal */
export interface Binary extends Place {
  readonly kind: 'binary';
  readonly operator: ArithmeticOperator | ComparisonOperator | SetOperator;
  readonly left: Expression;
  readonly right: Expression;
  readonly bool: boolean;
  /** Undefined if one side is a scalar. */
  readonly matching?: VectorMatching;
}

/** @internal */
export interface Unary extends Place {
  readonly kind: 'unary';
  readonly operator: '+' | '-';
  readonly expression: Expression;
}

/** @internal */
export interface Parentheses extends Place {
  readonly kind: 'parentheses';
  readonly expression: Expression;
}

/**
 * A PromQL expression, read and checked.
 *
 * @internal
 */
export type Expression =
  | NumberLiteral
  | StringLiteral
  | VectorSelector
  | MatrixSelector
  | Subquery
  | Call
  | Aggregation
  | Binary
  | Unary
  | Parentheses;

/** What an expression yields. */
export function typeOf(expression: Expression): ValueType {
  switch (expression.kind) {
    case 'number':
      return 'scalar';
    case 'string':
      return 'string';
    case 'vector-selector':
    case 'aggregation':
      return 'vector';
    case 'matrix-selector':
    case 'subquery':
      return 'matrix';
    case 'call':
      return expression.signature.returns;
    case 'binary':
      return typeOf(expression.left) === 'scalar' &&
        typeOf(expression.right) === 'scalar'
        ? 'scalar'
        : 'vector';
    default:
      return typeOf(expression.expression);
  }
}

/** Without the parentheses around it. */
export function unwrap(expression: Expression): Expression {
  return expression.kind === 'parentheses'
    ? unwrap(expression.expression)
    : expression;
}

/** Whether an operator compares. */
export function isComparison(
  operator: Binary['operator'],
): operator is ComparisonOperator {
  return ['==', '!=', '>', '<', '>=', '<='].includes(operator);
}

/** Whether an operator combines sets of series. */
export function isSetOperator(
  operator: Binary['operator'],
): operator is SetOperator {
  return operator === 'and' || operator === 'or' || operator === 'unless';
}
