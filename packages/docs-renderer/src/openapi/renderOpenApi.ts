import { parse } from 'yaml';
import { escapeText } from '../markdown/highlight/PygmentsEmitter';
import {
  asList,
  asMap,
  asText,
  rowsOf,
  typeOf,
  type Loose,
} from './describeSchema';

const METHODS = [
  'get',
  'put',
  'post',
  'patch',
  'delete',
  'head',
  'options',
  'trace',
];
const MAX_OPERATIONS = 500;
const MAX_SCHEMAS = 500;
const MAX_ITEMS = 100;
/** More would be a page that nobody can open. */
const MAX_HTML = 3_000_000;
const MAX_ALIASES = 100;

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly operation: Loose;
  /** Those of the path and of the operation. */
  readonly parameters: readonly unknown[];
}

/**
 * An OpenAPI or Swagger description as HTML: operations with their parameters, bodies and answers, then the schemas. It
 * needs no script, and search finds what is in it. Texts are shown as they are; references to other files are not
 * followed.
 *
 * @throws Error when the text is neither YAML nor JSON, or no such description.
 */
export function renderOpenApi(text: string): string {
  const root = asMap(parse(text, { maxAliasCount: MAX_ALIASES }));
  const version = asText(root.openapi) || asText(root.swagger);
  if (!version) throw new Error('it has neither "openapi" nor "swagger"');
  const info = asMap(root.info);
  const parts = [
    '<div class="openapi">\n',
    `<p><strong>${escapeText(asText(info.title))}</strong> ${escapeText(
      asText(info.version),
    )}</p>\n`,
    paragraphs(info.description),
  ];
  let group: string | undefined;
  const operations = operationsOf(root);
  const isTagged = operations.some(([tag]) => tag);
  for (const [tag, operation] of operations) {
    if (tag !== group && isTagged) {
      parts.push(`<p><strong>${escapeText(tag || 'Other')}</strong></p>\n`);
    }
    group = tag;
    parts.push(describeOperation(operation, root));
  }
  const schemas = Object.entries({
    ...asMap(asMap(root.components).schemas),
    ...asMap(root.definitions),
  }).slice(0, MAX_SCHEMAS);
  if (schemas.length > 0) parts.push('<p><strong>Schemas</strong></p>\n');
  for (const [name, schema] of schemas) {
    parts.push(
      `<details id="schema-${escapeText(
        encodeURIComponent(name),
      )}">\n<summary>${escapeText(name)}</summary>\n${describeSchema(
        schema,
      )}</details>\n`,
    );
  }
  parts.push('</div>\n');
  let html = '';
  for (const part of parts) {
    if (html.length + part.length > MAX_HTML) {
      return `${html}<p>The rest is too long to be shown.</p>\n</div>\n`;
    }
    html += part;
  }
  return html;
}

/** In the order of their tags. */
function operationsOf(root: Loose): readonly (readonly [string, Operation])[] {
  const found: [string, Operation][] = [];
  for (const [path, value] of Object.entries(asMap(root.paths))) {
    const item = resolve(value, root);
    for (const method of METHODS) {
      if (!Object.hasOwn(item, method)) continue;
      const operation = asMap(item[method]);
      found.push([
        asText(asList(operation.tags)[0]),
        {
          method,
          path,
          operation,
          parameters: [
            ...asList(item.parameters),
            ...asList(operation.parameters),
          ],
        },
      ]);
    }
  }
  const order = [...new Set(found.map(([tag]) => tag))];
  return found
    .slice(0, MAX_OPERATIONS)
    .sort(([left], [right]) => order.indexOf(left) - order.indexOf(right));
}

function describeOperation(
  { method, path, operation, parameters }: Operation,
  root: Loose,
): string {
  const old = operation.deprecated === true ? ' (deprecated)' : '';
  const all = parameters
    .slice(0, MAX_ITEMS)
    .map(parameter => resolve(parameter, root));
  const body = resolve(operation.requestBody, root);
  const oldBody = all.find(parameter => parameter.in === 'body');
  return [
    `<details>\n<summary><code>${method.toUpperCase()}</code> <code>${escapeText(
      path,
    )}</code> ${escapeText(asText(operation.summary))}${old}</summary>\n`,
    paragraphs(operation.description),
    describeParameters(all.filter(parameter => parameter.in !== 'body')),
    describeContents('Request body', body.content),
    oldBody
      ? `<p><strong>Request body</strong></p>\n${describeSchema(
          oldBody.schema,
        )}`
      : '',
    describeResponses(operation.responses, root),
    '</details>\n',
  ].join('');
}

function describeParameters(parameters: readonly Loose[]): string {
  return table(
    ['Parameter', 'In', 'Type', 'Required', 'Description'],
    parameters.map(parameter => [
      `<code>${escapeText(asText(parameter.name))}</code>`,
      escapeText(asText(parameter.in)),
      typeOf(parameter.schema ?? parameter),
      parameter.required === true ? 'yes' : 'no',
      escapeText(asText(parameter.description)),
    ]),
  );
}

function describeContents(title: string, content: unknown): string {
  return Object.entries(asMap(content))
    .slice(0, MAX_ITEMS)
    .map(
      ([type, value]) =>
        `<p><strong>${title}</strong> <code>${escapeText(
          type,
        )}</code></p>\n${describeSchema(asMap(value).schema)}`,
    )
    .join('');
}

function describeResponses(responses: unknown, root: Loose): string {
  return table(
    ['Answer', 'Type', 'Description'],
    Object.entries(asMap(responses))
      .slice(0, MAX_ITEMS)
      .map(([status, value]) => {
        const response = resolve(value, root);
        const [content] = Object.values(asMap(response.content));
        const schema = asMap(content).schema ?? response.schema;
        return [
          `<code>${escapeText(status)}</code>`,
          schema === undefined ? '' : typeOf(schema),
          escapeText(asText(response.description)),
        ];
      }),
  );
}

function describeSchema(schema: unknown): string {
  const rows = rowsOf(schema);
  const description = paragraphs(asMap(schema).description);
  if (rows.length === 0) return `${description}<p>${typeOf(schema)}</p>\n`;
  return `${description}${table(
    ['Property', 'Type', 'Required', 'Description'],
    rows.map(row => [
      `<code>${escapeText(row.name)}</code>`,
      row.type,
      row.required ? 'yes' : 'no',
      escapeText(row.description),
    ]),
  )}`;
}

/** Follows references inside of the file; the last step of a circle is nothing. */
function resolve(value: unknown, root: Loose): Loose {
  let current = asMap(value);
  for (let step = 0; step < 10; step++) {
    const reference = asText(current.$ref);
    if (!reference) return current;
    if (!reference.startsWith('#/')) return {};
    let target: unknown = root;
    for (const part of reference.slice(2).split('/')) {
      const map = asMap(target);
      const name = part.replace(/~1/g, '/').replace(/~0/g, '~');
      target = Object.hasOwn(map, name) ? map[name] : undefined;
    }
    current = asMap(target);
  }
  return {};
}

/** @param rows - HTML of their cells. */
function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  if (rows.length === 0) return '';
  const line = (cells: readonly string[], tag: string) =>
    `<tr>${cells.map(cell => `<${tag}>${cell}</${tag}>`).join('')}</tr>\n`;
  return `<table>\n<thead>\n${line(head, 'th')}</thead>\n<tbody>\n${rows
    .map(row => line(row, 'td'))
    .join('')}</tbody>\n</table>\n`;
}

function paragraphs(value: unknown): string {
  return asText(value)
    .split(/\n\s*\n/)
    .map(text => text.trim())
    .filter(Boolean)
    .map(text => `<p>${escapeText(text)}</p>\n`)
    .join('');
}
