import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { z } from 'zod';
import { listPackages, type RepositoryPackage } from '../listPackages';
import { readComments, type SchemaComments } from './readComments';

/** A schema that a package exports, as JSON Schema with the comments of its source. */
export interface ContractSchema {
  readonly name: string;
  readonly json: unknown;
  readonly comments: SchemaComments;
}

/** What one `-common` package says of the requests and answers of its pillar. */
export interface Contract {
  readonly name: string;
  readonly folder: string;
  readonly description: string;
  /** Tables of routes from the READMEs of the packages that serve the contract. */
  readonly routes: readonly {
    readonly folder: string;
    readonly table: string;
  }[];
  /** Where the contract is served as an OpenAPI document. */
  readonly openApi: readonly string[];
  readonly schemas: readonly ContractSchema[];
}

/** The contracts of a repository: packages named `-common` that export zod schemas. */
export async function readContracts(
  repository: string,
): Promise<readonly Contract[]> {
  const packages = await listPackages(repository);
  const contracts: Contract[] = [];
  for (const each of packages) {
    if (!each.folder.endsWith('-common')) continue;
    const schemas = await readSchemas(repository, each);
    if (schemas.length === 0) continue;
    const routes = [];
    const openApi = [];
    for (const server of packages) {
      if (!server.isBackend || !server.dependencies.includes(each.name)) {
        continue;
      }
      if (!(await serves(join(repository, server.folder, 'src'), each.name))) {
        continue;
      }
      const table = await routesOf(repository, server);
      if (table) routes.push({ folder: server.folder, table });
      if (await servesOpenApi(join(repository, server.folder, 'src'))) {
        openApi.push(`/api/${server.pluginId}/openapi.json`);
      }
    }
    contracts.push({
      name: each.name,
      folder: each.folder,
      description: each.description ?? '',
      routes,
      openApi,
      schemas,
    });
  }
  return contracts;
}

async function readSchemas(
  repository: string,
  { folder }: RepositoryPackage,
): Promise<readonly ContractSchema[]> {
  const source = join(repository, folder, 'src');
  const require = createRequire(join(repository, folder, 'package.json'));
  const exported: Record<string, unknown> = require('./src/index.ts');
  const comments = await readComments(source);
  return Object.entries(exported)
    .flatMap(([name, value]) =>
      name.endsWith('Schema') && isZodSchema(value)
        ? [
            {
              name,
              json: z.toJSONSchema(value, { unrepresentable: 'any' }),
              comments: comments.get(name) ?? { text: '', properties: {} },
            },
          ]
        : [],
    )
    .sort((one, other) => one.name.localeCompare(other.name, 'en'));
}

/** Not by `instanceof`: a package may have been loaded with another copy of the library. */
function isZodSchema(value: unknown): value is z.ZodType {
  return typeof value === 'object' && value !== null && '_zod' in value;
}

async function routesOf(
  repository: string,
  { folder }: RepositoryPackage,
): Promise<string | undefined> {
  const file = join(repository, folder, 'README.md');
  const readme = await readFile(file, 'utf8').catch(() => '');
  return /^\| Route[^\n]*\n(?:\|[^\n]*\n)+/m.exec(readme)?.[0];
}

/** Whether a router speaks the contract: others read only what is in it. */
function serves(source: string, contract: string): Promise<boolean> {
  return someFile(source, /router\.ts$/i, `'${contract}'`);
}

function servesOpenApi(source: string): Promise<boolean> {
  return someFile(source, /\.ts$/, "'/openapi.json'");
}

async function someFile(
  source: string,
  name: RegExp,
  text: string,
): Promise<boolean> {
  for (const file of await readdir(source, { recursive: true })) {
    if (!name.test(file) || /\.test\.ts$/.test(file)) continue;
    if ((await readFile(join(source, file), 'utf8')).includes(text)) {
      return true;
    }
  }
  return false;
}
