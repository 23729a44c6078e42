import { formatDuration } from './duration';
import type {
  Aggregation,
  Binary,
  Expression,
  TimeShift,
  VectorSelector,
} from './Expression';
import { formatNumber } from './formatNumber';
import { METRIC_NAME } from './Labels';
import { formatMatcher } from './Matcher';
import { isLabelName, quote } from './quote';

/**
 * Writes an expression in one line, as Prometheus shows the queries of rules.
 *
 * @internal
 */
export function formatExpression(node: Expression): string {
  switch (node.kind) {
    case 'number':
      return formatLiteral(node);
    case 'string':
      return quote(node.value);
    case 'parentheses':
      return `(${formatExpression(node.expression)})`;
    case 'unary':
      return `${node.operator}${formatExpression(node.expression)}`;
    case 'vector-selector':
      return `${formatSelector(node)}${formatAt(node)}${formatOffset(node)}`;
    case 'matrix-selector':
      return `${formatSelector(node.selector)}[${formatDuration(
        node.range,
      )}]${formatAt(node.selector)}${formatOffset(node.selector)}`;
    case 'subquery':
      return `${formatExpression(node.expression)}[${formatDuration(
        node.range,
      )}:${node.step === undefined ? '' : formatDuration(node.step)}]${formatAt(
        node,
      )}${formatOffset(node)}`;
    case 'call':
      return `${node.signature.name}(${node.args
        .map(formatExpression)
        .join(', ')})`;
    case 'aggregation':
      return formatAggregation(node);
    default:
      return `${formatExpression(node.left)} ${formatOperator(
        node,
      )} ${formatExpression(node.right)}`;
  }
}

function formatLiteral(node: Extract<Expression, { kind: 'number' }>): string {
  if (!node.duration) {
    return formatNumber(node.value);
  }
  const text = formatDuration(Math.abs(node.value) * 1000);
  return node.value < 0 ? `-${text}` : text;
}

function formatSelector({ name, matchers }: VectorSelector): string {
  const conditions = matchers
    .filter(
      matcher =>
        !(
          matcher.name === METRIC_NAME &&
          matcher.operator === '=' &&
          matcher.value === name
        ),
    )
    .map(formatMatcher)
    .sort();
  return conditions.length === 0 ? name : `${name}{${conditions.join(',')}}`;
}

function formatAt({ at }: TimeShift): string {
  if (at === undefined) {
    return '';
  }
  return typeof at === 'number' ? ` @ ${(at / 1000).toFixed(3)}` : ` @ ${at}()`;
}

function formatOffset({ offset }: TimeShift): string {
  if (offset === 0) {
    return '';
  }
  return ` offset ${offset < 0 ? '-' : ''}${formatDuration(Math.abs(offset))}`;
}

function formatAggregation(node: Aggregation): string {
  const parameter = node.parameter
    ? `${formatExpression(node.parameter)}, `
    : '';
  let grouping = '';
  if (node.without) {
    grouping = ` without (${formatLabels(node.grouping)}) `;
  } else if (node.grouping.length > 0) {
    grouping = ` by (${formatLabels(node.grouping)}) `;
  }
  return `${node.operator}${grouping}(${parameter}${formatExpression(
    node.expression,
  )})`;
}

function formatOperator({ operator, bool, matching }: Binary): string {
  let text: string = operator;
  if (bool) {
    text += ' bool';
  }
  if (!matching) {
    return text;
  }
  const { on, labels, cardinality, include } = matching;
  const grouped =
    cardinality === 'many-to-one' || cardinality === 'one-to-many';
  if (labels.length > 0 || on || grouped) {
    text += ` ${on ? 'on' : 'ignoring'} (${formatLabels(labels)})`;
  }
  if (grouped) {
    text += ` group_${
      cardinality === 'many-to-one' ? 'left' : 'right'
    } (${formatLabels(include)})`;
  }
  return text;
}

function formatLabels(labels: readonly string[]): string {
  return labels
    .map(label => (isLabelName(label) ? label : quote(label)))
    .join(', ');
}
