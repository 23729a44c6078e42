import { Environment } from '@marcbachmann/cel-js';
import { isObject } from '../patch/jsonValues';

type Evaluate = (variables: object) => unknown;

/** An expression that can be evaluated, or why it cannot. @internal */
export type CelExpression =
  | { readonly evaluate: Evaluate }
  | { readonly problem: string };

const VARIABLES = [
  'namespaceObject',
  'object',
  'oldObject',
  'request',
  'variables',
];

const environment = VARIABLES.reduce(
  (built, name) => built.registerVariable(name, 'dyn'),
  new Environment({
    homogeneousAggregateLiterals: false,
    enableOptionalTypes: true,
  }),
);
const expressions = new Map<string, CelExpression>();

/**
 * Reads an expression of an admission policy.
 *
 * @remarks
 * It knows the variables `object`, `oldObject`, `request`, `namespaceObject` and `variables`, and the functions of CEL. What else
 * Kubernetes has, `authorizer`, `params` and its own functions, is refused as unknown.
 *
 * @internal
 */
export function readCelExpression(text: string): CelExpression {
  const known = expressions.get(text) ?? compile(text);
  expressions.set(text, known);
  return known;
}

/** CEL's values of JSON's: whole numbers are whole. @internal */
export function toCelValue(value: unknown): unknown {
  if (typeof value === 'number') {
    return Number.isInteger(value) ? BigInt(value) : value;
  }
  if (Array.isArray(value)) {
    return value.map(toCelValue);
  }
  if (isObject(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([name, part]) => [name, toCelValue(part)]),
    );
  }
  return value ?? null;
}

/** The first line of what went wrong: the rest points into the expression. @internal */
export function celProblemOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split(
    '\n',
  )[0];
}

function compile(text: string): CelExpression {
  try {
    const program = environment.parse(text);
    const { error, valid } = program.check();
    return valid
      ? { evaluate: program as unknown as Evaluate }
      : { problem: celProblemOf(error) };
  } catch (error) {
    return { problem: celProblemOf(error) };
  }
}
