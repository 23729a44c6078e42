import { isObject } from '../patch/jsonValues';

/**
 * Finds the values at a path of kubectl's JSONPath, as the printer columns of CustomResourceDefinitions use it:
 * fields, indexes, `*`, and filters that compare a field with a text or number.
 */
export function findByJsonPath(value: unknown, path: string): unknown[] {
  return readSteps(path).reduce<unknown[]>(
    (values, step) => values.flatMap(current => step(current)),
    [value],
  );
}

type Step = (value: unknown) => unknown[];

const steps = new Map<string, readonly Step[]>();

function readSteps(path: string): readonly Step[] {
  let known = steps.get(path);
  if (!known) {
    known = parseSteps(path);
    steps.set(path, known);
  }
  return known;
}

const TOKEN =
  /\[\?\(\s*@\.([^\s=!<>]+)\s*(==|!=)\s*("[^"]*"|'[^']*'|[^\s)]+)\s*\)\]|\[(-?\d+)\]|\[(?:'([^']*)'|"([^"]*)")\]|(\[\*\]|\.\*)|\.?((?:\\.|[^.[\\])+)/g;

function parseSteps(path: string): readonly Step[] {
  const result: Step[] = [];
  const text = path.replace(/^\{(.*)\}$/, '$1').replace(/^\$/, '');
  for (const match of text.matchAll(TOKEN)) {
    const [, field, operator, literal, index, single, double, star, name] =
      match;
    if (field !== undefined) {
      const wanted = readLiteral(literal);
      result.push(value =>
        (Array.isArray(value) ? value : []).filter(
          item =>
            findByJsonPath(item, `.${field}`).some(
              found => String(found) === wanted,
            ) ===
            (operator === '=='),
        ),
      );
    } else if (index !== undefined) {
      result.push(value => {
        const item = Array.isArray(value) ? value.at(Number(index)) : undefined;
        return item === undefined ? [] : [item];
      });
    } else if (star !== undefined) {
      result.push(value =>
        isObject(value) || Array.isArray(value) ? Object.values(value) : [],
      );
    } else {
      const key = single ?? double ?? name.replace(/\\(.)/g, '$1');
      result.push(value =>
        isObject(value) && value[key] !== undefined ? [value[key]] : [],
      );
    }
  }
  return result;
}

function readLiteral(text: string): string {
  return /^(["']).*\1$/.test(text) ? text.slice(1, -1) : text;
}
