import { parse as parseGraphql } from 'graphql';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';

/** Parsing YAML takes about a second per megabyte, in which nobody else is served. */
const LONGEST_YAML = 256 * 1024;

/** JSON and the languages of schemas are read about fifty times as fast. */
const LONGEST_TEXT = 5 * 1024 * 1024;

/** More operations of one API are not found by their own name. */
const MOST_OPERATIONS = 1_000;

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch'];

/** What an API offers by name. */
export interface ApiOperation {
  /** As people write it: `POST /orders`, `query product`, `rpc SignIn`, `publish order-events`. */
  readonly name: string;
  /** The part of it that people look for alone: `/orders`, `product`. */
  readonly short: string;
  readonly summary?: string;
  /** What else it is called, for instance its operation id. */
  readonly words: readonly string[];
}

const text = z.string().optional().catch(undefined);
const record = z.record(z.string(), z.unknown());
const optionalRecord = record.optional().catch(undefined);

const openApiSchema = z.object({ paths: record });
const operationSchema = z.object({
  operationId: text,
  summary: text,
  description: text,
});
const asyncApiSchema = z.object({
  channels: record,
  operations: optionalRecord,
});
const channelSchema = z.object({
  address: text,
  title: text,
  summary: text,
  description: text,
  publish: optionalRecord,
  subscribe: optionalRecord,
  messages: optionalRecord,
});

function parseDocument(definition: string): unknown {
  if (/^\s*\{/.test(definition)) {
    return definition.length > LONGEST_TEXT ? {} : JSON.parse(definition);
  }
  return definition.length > LONGEST_YAML
    ? {}
    : parseYaml(definition, { maxAliasCount: 100, logLevel: 'silent' });
}

function readOpenApi(definition: string): ApiOperation[] {
  const { paths } = openApiSchema.parse(parseDocument(definition));
  const operations: ApiOperation[] = [];
  for (const [path, item] of Object.entries(paths)) {
    const methods = record.safeParse(item).data ?? {};
    for (const method of METHODS.filter(name => name in methods)) {
      const operation = operationSchema.safeParse(methods[method]).data;
      operations.push({
        name: `${method.toLocaleUpperCase('en-US')} ${path}`,
        short: path,
        summary: operation?.summary ?? operation?.description,
        words: operation?.operationId ? [operation.operationId] : [],
      });
    }
  }
  return operations;
}

function readAsyncApi(definition: string): ApiOperation[] {
  const { channels, operations } = asyncApiSchema.parse(
    parseDocument(definition),
  );
  return Object.entries(channels).map(([id, item]) => {
    const channel = channelSchema.safeParse(item).data;
    const address = channel?.address ?? id;
    return {
      name: `channel ${address}`,
      short: address,
      summary: channel?.summary ?? channel?.title ?? channel?.description,
      words: [
        id,
        ...Object.keys(channel?.messages ?? {}),
        ...Object.entries(operations ?? {})
          .filter(([, operation]) =>
            JSON.stringify(operation ?? null).includes(`#/channels/${id}"`),
          )
          .map(([name]) => name),
        ...[channel?.publish, channel?.subscribe].flatMap(
          operation =>
            operationSchema.safeParse(operation).data?.operationId ?? [],
        ),
      ],
    };
  });
}

/** The types whose fields are operations, unless the schema names others. */
const ROOTS: Record<string, string> = {
  query: 'Query',
  mutation: 'Mutation',
  subscription: 'Subscription',
};

function readGraphql(definition: string): ApiOperation[] {
  if (definition.length > LONGEST_TEXT) {
    return [];
  }
  const { definitions } = parseGraphql(definition, { noLocation: true });
  const roots = new Map(
    Object.entries(ROOTS).map(([operation, name]) => [name, operation]),
  );
  for (const node of definitions) {
    if (node.kind === 'SchemaDefinition') {
      for (const { operation, type } of node.operationTypes) {
        roots.set(type.name.value, operation);
      }
    }
  }
  return definitions.flatMap(node => {
    if (
      node.kind !== 'ObjectTypeDefinition' &&
      node.kind !== 'ObjectTypeExtension'
    ) {
      return [];
    }
    const operation = roots.get(node.name.value);
    return operation
      ? (node.fields ?? []).map(field => ({
          name: `${operation} ${field.name.value}`,
          short: field.name.value,
          summary: field.description?.value,
          words: [],
        }))
      : [];
  });
}

function readProto(definition: string): ApiOperation[] {
  const operations: ApiOperation[] = [];
  let service = '';
  let comment: string[] = [];
  for (const line of definition.slice(0, LONGEST_TEXT).split('\n')) {
    const trimmed = line.trim();
    if (trimmed.startsWith('//')) {
      comment.push(trimmed.slice(2).trim());
      continue;
    }
    service = /^service\s+(\w+)/.exec(trimmed)?.[1] ?? service;
    const name = /^rpc\s+(\w+)/.exec(trimmed)?.[1];
    if (name) {
      operations.push({
        name: `rpc ${name}`,
        short: name,
        summary: comment.join(' ') || undefined,
        words: service ? [service] : [],
      });
    }
    comment = [];
  }
  return operations;
}

const readers: Record<string, (definition: string) => ApiOperation[]> = {
  openapi: readOpenApi,
  asyncapi: readAsyncApi,
  graphql: readGraphql,
  grpc: readProto,
};

/**
 * The operations of an API, from its definition. A definition that cannot be read, or not in good time, has none:
 * what is wrong with it is told elsewhere.
 *
 * @param type - `spec.type` of the entity
 */
export function readOperations(
  type: string,
  definition: string,
): readonly ApiOperation[] {
  try {
    return readers[type]?.(definition).slice(0, MOST_OPERATIONS) ?? [];
  } catch {
    // Broken definitions are reported with the problems of the entity
    return [];
  }
}
