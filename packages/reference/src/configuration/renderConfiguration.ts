import { tableCell } from '../tableCell';
import type { ConfigSchema, PackageConfig } from './readConfigSchemas';

interface Row {
  readonly key: string;
  readonly type: string;
  readonly required: boolean;
  readonly visibility: string;
  readonly description: string;
}

const HEAD = `# Configuration reference

The keys that Waystone's own packages read, from their configuration schemas. Backstage's keys, the layers and what
Waystone sets are in [Configuration](../configuration.md).

\`[]\` is each entry of a list, \`<name>\` a name of your choice. Keys that are seen by browsers say so; secrets are left
out of logs. \`npm run docs:generate\` writes this page.
`;

/** The page with all keys, by package. */
export function renderConfiguration(configs: readonly PackageConfig[]): string {
  const sections = configs.map(config => {
    const rows = [...rowsOf(config.schema, '', false, '')];
    return `## ${config.folder.replace(/^\w+\//, '')}

Read by \`${config.name}\`.

| Key | Type | What it sets |
| --- | --- | --- |
${rows
  .map(
    row =>
      `| \`${row.key}\` | ${tableCell(
        [row.type, row.required ? 'required' : '', row.visibility]
          .filter(Boolean)
          .join(', '),
      )} | ${tableCell(row.description)} |`,
  )
  .join('\n')}
`;
  });
  return [HEAD, ...sections].join('\n');
}

/** Objects are named where they have something to say; otherwise their keys say it all. */
function* rowsOf(
  schema: ConfigSchema,
  key: string,
  required: boolean,
  inherited: string,
): Generator<Row> {
  const deep = schema.deepVisibility ?? inherited;
  const children = childrenOf(schema);
  if (key && (children.length === 0 || schema.description)) {
    yield {
      key,
      type: typeOf(schema),
      required,
      visibility: visibilityOf(schema.visibility ?? deep),
      description: describe(schema),
    };
  }
  for (const child of children) {
    yield* rowsOf(
      child.schema,
      `${key}${child.step}`.replace(/^\./, ''),
      child.required,
      deep,
    );
  }
}

interface Child {
  readonly step: string;
  readonly schema: ConfigSchema;
  readonly required: boolean;
}

function childrenOf(schema: ConfigSchema): readonly Child[] {
  const required = new Set(schema.required);
  const children: Child[] = Object.entries(schema.properties ?? {}).map(
    ([name, child]) => ({
      step: `.${name}`,
      schema: child,
      required: required.has(name),
    }),
  );
  if (typeof schema.additionalProperties === 'object') {
    children.push({
      step: '.<name>',
      schema: schema.additionalProperties,
      required: false,
    });
  }
  if (schema.items && hasKeys(schema.items)) {
    children.push({ step: '[]', schema: schema.items, required: false });
  }
  for (const variant of [...(schema.oneOf ?? []), ...(schema.anyOf ?? [])]) {
    if (!hasKeys(variant)) continue;
    children.push(...childrenOf(variant));
  }
  const seen = new Set<string>();
  return children.filter(
    child => !seen.has(child.step) && seen.add(child.step),
  );
}

function hasKeys(schema: ConfigSchema): boolean {
  return childrenOf(schema).length > 0;
}

function typeOf(schema: ConfigSchema): string {
  if (schema.enum) {
    return schema.enum.map(value => `\`${String(value)}\``).join(', ');
  }
  if (schema.items && !hasKeys(schema.items)) {
    return `list of ${typeOf(schema.items)}`;
  }
  if (schema.type === 'array') return 'list';
  if (schema.type) return [schema.type].flat().join(' or ');
  const variants = [...(schema.oneOf ?? []), ...(schema.anyOf ?? [])];
  return [...new Set(variants.map(typeOf))].join(' or ') || 'any';
}

function describe(schema: ConfigSchema): string {
  const text = schema.description ?? '';
  if (schema.default === undefined || /default:/i.test(text)) return text;
  return `${text} Default: \`${JSON.stringify(schema.default)}\``.trim();
}

function visibilityOf(visibility: string): string {
  if (visibility === 'frontend') return 'seen by browsers';
  return visibility === 'secret' ? 'secret' : '';
}
