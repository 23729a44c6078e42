import type { SyntaxNode } from '@lezer/common';
import type {
  AggregationOperator,
  Binary,
  Expression,
  TimeShift,
  VectorMatching,
  VectorSelector,
} from './Expression';
import { isSetOperator } from './Expression';
import { FUNCTIONS } from './functionSignatures';
import { METRIC_NAME } from './Labels';
import { createMatcher } from './Matcher';
import type { Matcher, MatchOperator } from './Matcher';
import { PromqlError } from './PromqlError';
import { quote, unquote } from './quote';
import { readDuration, readNumber, readRange } from './readLiteral';

const TAKES_PARAMETER = ['topk', 'bottomk', 'quantile', 'count_values'];

class ExpressionBuilder {
  readonly #query: string;

  constructor(query: string) {
    this.#query = query;
  }

  build(node: SyntaxNode): Expression {
    const { from: start, to: end } = node;
    switch (node.name) {
      case 'ParenExpr':
        return {
          kind: 'parentheses',
          expression: this.build(childrenOf(node)[0]),
          start,
          end,
        };
      case 'NumberDurationLiteral':
        return { kind: 'number', ...readNumber(this.#query, node), start, end };
      case 'StringLiteral':
        return { kind: 'string', value: this.#string(node), start, end };
      case 'VectorSelector':
        return this.#selector(node);
      case 'MatrixSelector':
        return this.#matrix(node);
      case 'SubqueryExpr':
        return this.#subquery(node);
      case 'OffsetExpr':
        return this.#offset(node);
      case 'StepInvariantExpr':
        return this.#at(node);
      case 'UnaryExpr':
        return this.#unary(node);
      case 'BinaryExpr':
        return this.#binary(node);
      case 'AggregateExpr':
        return this.#aggregation(node);
      case 'FunctionCall':
        return this.#call(node);
      default:
        throw this.#error(
          node,
          `${quote(this.#text(node))} is experimental and not enabled`,
        );
    }
  }

  #text(node: SyntaxNode): string {
    return this.#query.slice(node.from, node.to);
  }

  #string(node: SyntaxNode): string {
    return unquote(this.#query, node.from, this.#text(node));
  }

  #error(node: SyntaxNode, message: string): PromqlError {
    return PromqlError.parse(this.#query, node.from, message);
  }

  #bracketError(range: SyntaxNode, message: string): PromqlError {
    const offset = this.#query.lastIndexOf('[', range.from);
    return PromqlError.parse(this.#query, offset, message);
  }

  #selector(node: SyntaxNode): VectorSelector {
    const matchers: Matcher[] = [];
    let name = '';
    for (const child of childrenOf(node)) {
      if (child.name === 'Identifier') {
        name = this.#text(child);
        continue;
      }
      for (const item of childrenOf(child)) {
        if (item.name === 'QuotedLabelName') {
          matchers.push(
            createMatcher(METRIC_NAME, '=', this.#string(item.firstChild!)),
          );
        } else {
          matchers.push(this.#matcher(item));
        }
      }
    }
    if (name) {
      matchers.push(createMatcher(METRIC_NAME, '=', name));
    }
    return {
      kind: 'vector-selector',
      name,
      matchers,
      offset: 0,
      start: node.from,
      end: node.to,
    };
  }

  #matcher(node: SyntaxNode): Matcher {
    const [nameNode, operatorNode, valueNode] = childrenOf(node);
    const name =
      nameNode.name === 'QuotedLabelName'
        ? this.#string(nameNode.firstChild!)
        : this.#text(nameNode);
    try {
      return createMatcher(
        name,
        this.#text(operatorNode) as MatchOperator,
        this.#string(valueNode),
      );
    } catch (error) {
      throw error instanceof PromqlError
        ? error
        : this.#error(nameNode, (error as Error).message);
    }
  }

  #matrix(node: SyntaxNode): Expression {
    const [inner, range] = childrenOf(node);
    const selector = this.build(inner);
    if (selector.kind !== 'vector-selector') {
      throw this.#bracketError(
        range,
        'ranges only allowed for vector selectors',
      );
    }
    if (isShifted(selector)) {
      throw this.#bracketError(
        range,
        `no ${
          selector.offset === 0 ? '@' : 'offset'
        } modifiers allowed before range`,
      );
    }
    return {
      kind: 'matrix-selector',
      selector,
      range: readRange(this.#query, range),
      start: node.from,
      end: node.to,
    };
  }

  #subquery(node: SyntaxNode): Expression {
    const [inner, range, step] = childrenOf(node);
    return {
      kind: 'subquery',
      expression: this.build(inner),
      range: readRange(this.#query, range),
      step: step && readRange(this.#query, step),
      offset: 0,
      start: node.from,
      end: node.to,
    };
  }

  #offset(node: SyntaxNode): Expression {
    const children = childrenOf(node);
    const expression = this.build(children[0]);
    const offset = readDuration(this.#query, children.at(-1)!);
    const { offset: previous } = this.#shiftOf(
      node,
      expression,
      'offset modifier',
    );
    if (previous !== 0) {
      throw this.#error(node, 'offset may not be set multiple times');
    }
    return shift(expression, { offset }, node.to);
  }

  #at(node: SyntaxNode): Expression {
    const children = childrenOf(node);
    const expression = this.build(children[0]);
    const { at: previous } = this.#shiftOf(node, expression, '@ modifier');
    if (previous !== undefined) {
      throw this.#error(node, '@ <timestamp> may not be set multiple times');
    }
    const time = children.at(-1)!;
    let at: TimeShift['at'];
    if (time.name === 'AtModifierPreprocessors') {
      at = this.#text(time).startsWith('start') ? 'start' : 'end';
    } else {
      const { value } = readNumber(this.#query, time);
      if (!Number.isFinite(value) || Math.abs(value) > 9.2e15) {
        throw this.#error(
          node,
          `timestamp out of bounds for @ modifier: ${
            Number.isFinite(value) ? value.toFixed(6) : formatInfinity(value)
          }`,
        );
      }
      at = Math.round(value * 1000);
    }
    return shift(expression, { at }, node.to);
  }

  #shiftOf(node: SyntaxNode, expression: Expression, what: string): TimeShift {
    switch (expression.kind) {
      case 'vector-selector':
      case 'subquery':
        return expression;
      case 'matrix-selector':
        return expression.selector;
      default:
        throw this.#error(
          node,
          `${what} must be preceded by an instant vector selector or range vector selector or a subquery`,
        );
    }
  }

  #unary(node: SyntaxNode): Expression {
    const [operator, inner] = childrenOf(node);
    const expression = this.build(inner);
    const sign = this.#text(operator) as '+' | '-';
    if (expression.kind === 'number') {
      return {
        ...expression,
        value: sign === '-' ? -expression.value : expression.value,
        start: node.from,
      };
    }
    return {
      kind: 'unary',
      operator: sign,
      expression,
      start: node.from,
      end: node.to,
    };
  }

  #binary(node: SyntaxNode): Expression {
    const children = childrenOf(node);
    const left = this.build(children[0]);
    const right = this.build(children.at(-1)!);
    const operator = this.#text(
      children[1],
    ).toLowerCase() as Binary['operator'];
    const bool = children.some(({ name }) => name === 'BoolModifier');
    if (children.some(({ name }) => name === 'FillModifier')) {
      throw this.#error(
        node,
        'binop fill modifiers are experimental and not enabled',
      );
    }
    const clause = children.find(
      ({ name }) => name === 'MatchingModifierClause',
    );
    const binary: Binary = {
      kind: 'binary',
      operator,
      left,
      right,
      bool,
      matching: this.#matching(operator, clause),
      start: node.from,
      end: node.to,
    };
    // The grammar takes a sign as part of the number; in PromQL the power binds closer.
    if (
      operator === '^' &&
      left.kind === 'number' &&
      this.#query[left.start] === '-'
    ) {
      const base: Expression = { ...left, value: -left.value };
      return {
        kind: 'unary',
        operator: '-',
        expression: { ...binary, left: base },
        start: node.from,
        end: node.to,
      };
    }
    return binary;
  }

  #matching(
    operator: Binary['operator'],
    clause: SyntaxNode | undefined,
  ): VectorMatching {
    const children = clause ? childrenOf(clause) : [];
    const groups = children.filter(({ name }) => name === 'GroupingLabels');
    const side = children.find(
      ({ name }) => name === 'GroupLeft' || name === 'GroupRight',
    );
    let cardinality: VectorMatching['cardinality'] = isSetOperator(operator)
      ? 'many'
      : 'one';
    if (side) {
      cardinality = side.name === 'GroupLeft' ? 'many-to-one' : 'one-to-many';
    }
    return {
      cardinality,
      on: children[0]?.name === 'On',
      labels: groups[0] ? this.#labels(groups[0]) : [],
      include: groups[1] ? this.#labels(groups[1]) : [],
    };
  }

  #labels(node: SyntaxNode): string[] {
    return childrenOf(node).map(child =>
      child.name === 'QuotedLabelName'
        ? this.#string(child.firstChild!)
        : this.#text(child),
    );
  }

  #aggregation(node: SyntaxNode): Expression {
    const children = childrenOf(node);
    const operator = this.#text(children[0]).toLowerCase();
    if (operator === 'limitk' || operator === 'limit_ratio') {
      throw this.#error(
        node,
        `${operator}() is experimental and must be enabled with --enable-feature=promql-experimental-functions`,
      );
    }
    const body = children.find(({ name }) => name === 'FunctionCallBody')!;
    const modifier = children.find(({ name }) => name === 'AggregateModifier');
    const args = childrenOf(body).map(child => this.build(child));
    const wanted = TAKES_PARAMETER.includes(operator) ? 2 : 1;
    if (args.length === 0) {
      throw this.#error(node, 'no arguments for aggregate expression provided');
    }
    if (args.length !== wanted) {
      throw this.#error(
        node,
        `wrong number of arguments for aggregate expression provided, expected ${wanted}, got ${args.length}`,
      );
    }
    return {
      kind: 'aggregation',
      operator: operator as AggregationOperator,
      expression: args.at(-1)!,
      parameter: wanted === 2 ? args[0] : undefined,
      grouping: modifier ? this.#labels(modifier.lastChild!) : [],
      without: modifier?.firstChild?.name === 'Without',
      start: node.from,
      end: node.to,
    };
  }

  #call(node: SyntaxNode): Expression {
    const [identifier, body] = childrenOf(node);
    return {
      kind: 'call',
      signature: FUNCTIONS.get(this.#text(identifier))!,
      args: childrenOf(body).map(child => this.build(child)),
      start: node.from,
      end: node.to,
    };
  }
}

/**
 * Turns the tree of the grammar, which has no errors, into an expression.
 *
 * @internal
 */
export function buildExpression(query: string, node: SyntaxNode): Expression {
  return new ExpressionBuilder(query).build(node);
}

function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) {
    if (child.name !== 'LineComment') {
      children.push(child);
    }
  }
  return children;
}

function isShifted({ offset, at }: TimeShift): boolean {
  return offset !== 0 || at !== undefined;
}

function shift(
  expression: Expression,
  change: Partial<TimeShift>,
  end: number,
): Expression {
  if (expression.kind === 'matrix-selector') {
    return {
      ...expression,
      selector: { ...expression.selector, ...change },
      end,
    };
  }
  return { ...expression, ...change, end } as Expression;
}

function formatInfinity(value: number): string {
  if (Number.isNaN(value)) {
    return 'NaN';
  }
  return value > 0 ? '+Inf' : '-Inf';
}
