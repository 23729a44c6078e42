import { formatNumber, parseNumber } from '../promql/formatNumber';
import {
  formatGeneral,
  humanize,
  humanize1024,
  humanizeDuration,
  humanizePercentage,
  humanizeTimestamp,
} from './humanize';

/** What a template of an alert can insert. */
export interface TemplateData {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

type Item = string | number | boolean | Readonly<Record<string, string>>;

const FUNCTIONS: ReadonlyMap<string, (args: readonly Item[]) => Item> = new Map<
  string,
  (args: readonly Item[]) => Item
>([
  ['humanize', ([value]) => humanize(toNumber(value))],
  ['humanize1024', ([value]) => humanize1024(toNumber(value))],
  ['humanizeDuration', ([value]) => humanizeDuration(toNumber(value))],
  ['humanizePercentage', ([value]) => humanizePercentage(toNumber(value))],
  ['humanizeTimestamp', ([value]) => humanizeTimestamp(toNumber(value))],
  ['title', ([value]) => toText(value).replace(/\b\w/g, c => c.toUpperCase())],
  ['toUpper', ([value]) => toText(value).toUpperCase()],
  ['toLower', ([value]) => toText(value).toLowerCase()],
  ['stripPort', ([value]) => toText(value).replace(/:\d+$/, '')],
  ['index', ([map, key]) => (map as Record<string, string>)[toText(key)] ?? ''],
  ['eq', ([first, ...rest]) => rest.some(other => other === first)],
  ['ne', ([left, right]) => left !== right],
  ['gt', ([left, right]) => left > right],
  ['ge', ([left, right]) => left >= right],
  ['lt', ([left, right]) => left < right],
  ['le', ([left, right]) => left <= right],
  ['not', ([value]) => !isTrue(value)],
  ['and', args => args.find(arg => !isTrue(arg)) ?? args.at(-1)!],
  ['or', args => args.find(isTrue) ?? args.at(-1)!],
  ['printf', ([format, ...args]) => printf(toText(format), args)],
]);

class PipelineReader {
  readonly #tokens: readonly string[];
  readonly #data: TemplateData;
  #position = 0;

  constructor(tokens: readonly string[], data: TemplateData) {
    this.#tokens = tokens;
    this.#data = data;
  }

  read(): Item {
    let value = this.#command(undefined);
    while (this.#tokens[this.#position] === '|') {
      this.#position++;
      value = this.#command(value);
    }
    return value;
  }

  #command(piped: Item | undefined): Item {
    const head = this.#tokens[this.#position];
    if (head === undefined) {
      throw new Error('missing value for command');
    }
    if (FUNCTIONS.has(head)) {
      this.#position++;
      const args: Item[] = [];
      while (!['|', ')', undefined].includes(this.#tokens[this.#position])) {
        args.push(this.#operand());
      }
      if (piped !== undefined) {
        args.push(piped);
      }
      return FUNCTIONS.get(head)!(args);
    }
    return this.#operand();
  }

  #operand(): Item {
    const token = this.#tokens[this.#position];
    this.#position++;
    if (token === '(') {
      const value = this.read();
      this.#position++;
      return value;
    }
    if (token.startsWith('"')) {
      return JSON.parse(token) as string;
    }
    if (token.startsWith('`')) {
      return token.slice(1, -1);
    }
    const number = parseNumber(token);
    if (number !== undefined) {
      return number;
    }
    if (token === 'true' || token === 'false') {
      return token === 'true';
    }
    const [, root, field] =
      /^(\$labels|\$value|\$externalLabels|\.Labels|\.Value|\.ExternalLabels|\.)(?:\.(\w+))?$/.exec(
        token,
      ) ?? [];
    switch (root) {
      case '$value':
      case '.Value':
        return this.#data.value;
      case '$labels':
      case '.Labels':
        return field === undefined
          ? this.#data.labels
          : this.#data.labels[field] ?? '';
      case '$externalLabels':
      case '.ExternalLabels':
        return field === undefined ? {} : '';
      default:
        throw new Error(
          token.startsWith('$')
            ? `undefined variable "${token.split('.')[0]}"`
            : `function "${token}" not defined`,
        );
    }
  }
}

class Expansion {
  readonly #parts: readonly string[];
  readonly #data: TemplateData;
  #position = 0;

  constructor(template: string, data: TemplateData) {
    const trimmed = template
      .replace(/\s+\{\{- /g, '{{ ')
      .replace(/ -\}\}\s+/g, ' }}');
    // Texts and actions in turns.
    this.#parts = trimmed.split(/\{\{((?:[^}]|\}(?!\}))*)\}\}/);
    this.#data = data;
  }

  expand(): string {
    const { text, ended } = this.#block(true);
    if (ended) {
      throw new Error(`unexpected {{${ended}}}`);
    }
    return text;
  }

  /** Up to the `end` or `else` that belongs to it. */
  #block(active: boolean): { text: string; ended?: string } {
    let text = '';
    while (this.#position < this.#parts.length) {
      const part = this.#parts[this.#position];
      const isAction = this.#position % 2 === 1;
      this.#position++;
      if (!isAction) {
        text += part;
        continue;
      }
      const action = part.trim();
      if (action === 'end' || action === 'else' || /^else if\b/.test(action)) {
        return { text, ended: action };
      }
      if (action.startsWith('/*')) {
        continue;
      }
      if (/^if\b/.test(action)) {
        text += this.#condition(action.slice(2), active);
      } else if (active) {
        text += toText(this.#pipeline(action));
      }
    }
    return { text };
  }

  #condition(expression: string, active: boolean): string {
    const holds = active && isTrue(this.#pipeline(expression));
    const first = this.#block(holds);
    if (first.ended === 'end') {
      return holds ? first.text : '';
    }
    if (!first.ended) {
      throw new Error('unexpected EOF');
    }
    if (first.ended !== 'else') {
      const rest = this.#condition(first.ended.slice(7), active && !holds);
      return holds ? first.text : rest;
    }
    const second = this.#block(active && !holds);
    if (second.ended !== 'end') {
      throw new Error('unexpected EOF');
    }
    return holds ? first.text : second.text;
  }

  #pipeline(expression: string): Item {
    const tokens = readTokens(expression);
    const value = new PipelineReader(tokens, this.#data).read();
    return value;
  }
}

/**
 * Expands a template of an alert's labels and annotations: the part of Go's templates that rules use.
 *
 * @remarks
 * Knows `$labels`, `$value`, pipelines, `if`, `else`, `end`, comparisons, `printf` and the `humanize` functions; not
 * loops and queries. Like Prometheus it answers with the error's text if it cannot.
 *
 * @internal
 */
export function expandTemplate(template: string, data: TemplateData): string {
  if (!template.includes('{{')) {
    return template;
  }
  try {
    return new Expansion(template, data).expand();
  } catch (error) {
    return `<error expanding template: ${(error as Error).message}>`;
  }
}

function printf(format: string, args: readonly Item[]): string {
  let next = 0;
  return format.replace(
    /%(?:%|(?:\.(\d+))?([sdvfgqe]))/g,
    (match, precision: string | undefined, verb: string) => {
      if (match === '%%') {
        return '%';
      }
      const value = args[next];
      next++;
      if (value === undefined) {
        return `%!${verb}(MISSING)`;
      }
      switch (verb) {
        case 'f':
          return toNumber(value).toFixed(Number(precision ?? 6));
        case 'g':
          return precision
            ? formatGeneral(toNumber(value), Number(precision))
            : toText(value);
        case 'e':
          return toNumber(value)
            .toExponential(Number(precision ?? 6))
            .replace(/e([+-])(\d)$/, 'e$10$2');
        case 'd':
          return String(Math.trunc(toNumber(value)));
        case 'q':
          return JSON.stringify(toText(value));
        default:
          return toText(value);
      }
    },
  );
}

function readTokens(expression: string): string[] {
  return expression.match(/"(?:[^"\\]|\\.)*"|`[^`]*`|[()|]|[^\s()|"`]+/g) ?? [];
}

function isTrue(value: Item): boolean {
  return typeof value === 'object'
    ? Object.keys(value).length > 0
    : Boolean(value) || Number.isNaN(value);
}

function toNumber(value: Item | undefined): number {
  const number =
    typeof value === 'string' ? parseNumber(value) : (value as number);
  if (typeof number !== 'number') {
    throw new Error(`can't convert ${toText(value ?? '')} to float`);
  }
  return number;
}

function toText(value: Item): string {
  if (typeof value === 'number') {
    return value !== 0 && Math.abs(value) < 1e-4
      ? value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2')
      : formatNumber(value);
  }
  return typeof value === 'object'
    ? `map[${Object.entries(value)
        .map(([key, item]) => `${key}:${item}`)
        .join(' ')}]`
    : String(value);
}
