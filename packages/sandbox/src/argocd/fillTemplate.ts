import { isJsonObject } from './rendering/Json';
import type { Json } from './rendering/Json';

/** What a generator of an ApplicationSet gives to its template. @internal */
export type TemplateParameters = { readonly [name: string]: Json };

/**
 * Fills a template: every `{{ … }}` in every text and key.
 *
 * @remarks
 * Of Go templates only paths are understood, such as `.path.basename` and `index .path.segments 1`, with the
 * functions `lower`, `upper`, `quote`, `trim`, `replace` and `default` behind a pipe.
 *
 * @internal
 */
export function fillTemplate(
  template: Json,
  parameters: TemplateParameters,
  goTemplate: boolean,
): Json {
  const fill = (text: string) =>
    text.replace(/\{\{-?\s*(.*?)\s*-?\}\}/g, (match, expression: string) => {
      if (goTemplate) {
        return evaluate(expression, parameters);
      }
      const value = parameters[expression];
      return value === undefined ? match : toText(value);
    });
  const visit = (value: Json): Json => {
    if (typeof value === 'string') {
      return fill(value);
    }
    if (Array.isArray(value)) {
      return value.map(visit);
    }
    return isJsonObject(value)
      ? Object.fromEntries(
          Object.entries(value).map(([name, item]) => [
            fill(name),
            visit(item),
          ]),
        )
      : value;
  };
  return visit(template);
}

function evaluate(expression: string, parameters: TemplateParameters): string {
  const [first, ...functions] = expression.split('|').map(part => part.trim());
  return functions.reduce(
    (value, call) => applyFunction(value, call),
    toText(lookUp(first, parameters)),
  );
}

function lookUp(expression: string, parameters: TemplateParameters): Json {
  const [, indexed, position] =
    /^index\s+(\S+)\s+(\d+)$/.exec(expression) ?? [];
  const path = indexed ?? expression;
  if (!/^(\.[A-Za-z_]\w*)+$/.test(path)) {
    throw new Error(`the sandbox does not understand {{${expression}}}`);
  }
  const value = path
    .slice(1)
    .split('.')
    .reduce<Json>(
      (current, name) =>
        isJsonObject(current) && Object.hasOwn(current, name)
          ? current[name]
          : null,
      parameters as { [name: string]: Json },
    );
  return position !== undefined && Array.isArray(value)
    ? value[Number(position)] ?? null
    : value;
}

function applyFunction(value: string, call: string): string {
  const [name, ...args] = [...call.matchAll(/"([^"]*)"|(\S+)/g)].map(
    ([, quoted, plain]) => quoted ?? plain,
  );
  switch (name) {
    case 'lower':
      return value.toLowerCase();
    case 'upper':
      return value.toUpperCase();
    case 'trim':
      return value.trim();
    case 'quote':
      return JSON.stringify(value);
    case 'replace':
      return value.replaceAll(args[0] ?? '', args[1] ?? '');
    case 'default':
      return value === '' ? args[0] ?? '' : value;
    default:
      throw new Error(`the sandbox does not understand the function ${name}`);
  }
}

function toText(value: Json): string {
  if (value === null) {
    return '';
  }
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
