import { z } from 'zod';
import { tableCell } from '../tableCell';
import type { Contract, ContractSchema } from './readContracts';

const jsonSchema = z.looseObject({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  enum: z.array(z.unknown()).optional(),
  const: z.unknown().optional(),
  format: z.string().optional(),
  default: z.unknown().optional(),
  required: z.array(z.string()).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  additionalProperties: z.unknown().optional(),
  items: z.unknown().optional(),
  anyOf: z.array(z.unknown()).optional(),
  oneOf: z.array(z.unknown()).optional(),
});

type JsonSchema = z.infer<typeof jsonSchema>;

/** Names of schemas by their content, so that a schema within another is a link to its own section. */
type Known = ReadonlyMap<string, string>;

/** An overview and a page for each contract: name of the file below `docs/reference`, and text. */
export function renderContracts(
  contracts: readonly Contract[],
): readonly (readonly [string, string])[] {
  const overview = `# API reference

What the portal's own routes take and answer. Each pillar's contract is written once, as zod schemas; the routes
validate with them, the pages parse with them, and these pages come from them.

All routes are below \`/api/<plugin>\` and take the token of a person or of a service as \`Authorization: Bearer …\`;
[Connect](../../connect.md) says how programs get one. Errors have a body with \`error.name\` and \`error.message\`. A
single thing that you may not see is 404, a list leaves it out, and a write that you may not do is 403.

| Contract | What it is of |
| --- | --- |
${contracts
  .map(
    contract =>
      `| [${titleOf(contract)}](${fileOf(contract)}) | ${tableCell(
        contract.description,
      )} |`,
  )
  .join('\n')}
`;
  return [
    ['api/index.md', overview],
    ...contracts.map(
      contract =>
        [`api/${fileOf(contract)}`, renderContract(contract)] as const,
    ),
  ];
}

function titleOf({ folder }: Contract): string {
  return folder.replace(/^\w+\//, '').replace(/-common$/, '');
}

function fileOf(contract: Contract): string {
  return `${titleOf(contract)}.md`;
}

function renderContract(contract: Contract): string {
  const known: Known = new Map(
    contract.schemas.map(({ json, name }) => [contentOf(json), name]),
  );
  const routes = contract.routes.map(
    ({ folder, table }) => `## Routes

Served by \`${folder}\`.

${table}`,
  );
  const openApi = contract.openApi.map(
    path => `\`GET ${path}\` answers the contract as an OpenAPI document.\n`,
  );
  return [
    `# ${titleOf(contract)}\n\n${contract.description}\n`,
    ...openApi,
    ...routes,
    ...contract.schemas.map(schema => renderSchema(schema, known)),
  ].join('\n');
}

function renderSchema(schema: ContractSchema, known: Known): string {
  const { comments, json, name } = schema;
  const parsed = jsonSchema.parse(json);
  const rows = [...rowsOf(parsed, '', { comments, known, own: name })];
  const text = comments.text ? `${comments.text}\n` : '';
  if (rows.length === 0) {
    return `## ${name}\n\n${text}\n${typeOf(parsed, known, name)}\n`;
  }
  return `## ${name}

${text}
| Property | Type | What it is |
| --- | --- | --- |
${rows.join('\n')}
`;
}

interface Context {
  readonly comments: ContractSchema['comments'];
  readonly known: Known;
  readonly own: string;
}

function* rowsOf(
  schema: JsonSchema,
  prefix: string,
  context: Context,
): Generator<string> {
  const required = new Set(schema.required);
  for (const [key, value] of Object.entries(schema.properties ?? {})) {
    const child = jsonSchema.parse(value);
    const optional = required.has(key) && child.default === undefined;
    const path = `${prefix}${key}`;
    yield `| \`${path}\` | ${tableCell(
      [typeOf(child, context.known, context.own), optional ? '' : 'optional']
        .filter(Boolean)
        .join(', '),
    )} | ${tableCell(
      [
        context.comments.properties[key] ?? '',
        child.default === undefined
          ? ''
          : `Default: \`${JSON.stringify(child.default)}\``,
      ]
        .filter(Boolean)
        .join(' '),
    )} |`;
    if (nameOf(child, context)) continue;
    if (child.properties) {
      yield* rowsOf(child, `${path}.`, context);
    } else if (child.items) {
      const items = jsonSchema.parse(child.items);
      if (items.properties && !nameOf(items, context)) {
        yield* rowsOf(items, `${path}[].`, context);
      }
    }
  }
}

function nameOf(schema: JsonSchema, { known, own }: Context) {
  const name = known.get(contentOf(schema));
  return name === own ? undefined : name;
}

function typeOf(schema: JsonSchema, known: Known, own: string): string {
  const name = nameOf(schema, { known, own } as Context);
  if (name) return `[${name}](#${name.toLowerCase()})`;
  if (schema.const !== undefined) return `\`${String(schema.const)}\``;
  if (schema.enum) {
    return schema.enum.map(value => `\`${String(value)}\``).join(', ');
  }
  const variants = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  if (variants.length > 0) {
    return [
      ...new Set(
        variants.map(each => typeOf(jsonSchema.parse(each), known, own)),
      ),
    ].join(' or ');
  }
  if (schema.items) {
    return `list of ${typeOf(jsonSchema.parse(schema.items), known, own)}`;
  }
  return [schema.type ?? 'anything'].flat().join(' or ');
}

/** What two schemas must share to be the same. */
function contentOf(json: unknown): string {
  const { $schema: _, default: __, ...content } = jsonSchema.parse(json);
  return JSON.stringify(content);
}
