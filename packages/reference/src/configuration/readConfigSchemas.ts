import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { listPackages } from '../listPackages';

/** What is used of JSON Schema. */
export interface ConfigSchema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly visibility?: string;
  readonly deepVisibility?: string;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, ConfigSchema>>;
  readonly additionalProperties?: boolean | ConfigSchema;
  readonly items?: ConfigSchema;
  readonly oneOf?: readonly ConfigSchema[];
  readonly anyOf?: readonly ConfigSchema[];
}

const configSchema: z.ZodType<ConfigSchema> = z.lazy(() =>
  z.object({
    type: z.union([z.string(), z.array(z.string())]).optional(),
    description: z.string().optional(),
    enum: z.array(z.unknown()).optional(),
    default: z.unknown().optional(),
    visibility: z.string().optional(),
    deepVisibility: z.string().optional(),
    required: z.array(z.string()).optional(),
    properties: z.record(z.string(), configSchema).optional(),
    additionalProperties: z.union([z.boolean(), configSchema]).optional(),
    items: configSchema.optional(),
    oneOf: z.array(configSchema).optional(),
    anyOf: z.array(configSchema).optional(),
  }),
);

/** The configuration that a package reads. */
export interface PackageConfig {
  readonly name: string;
  readonly folder: string;
  readonly schema: ConfigSchema;
}

/** The configuration schemas of all packages of a repository. */
export async function readConfigSchemas(
  repository: string,
): Promise<readonly PackageConfig[]> {
  const configs: PackageConfig[] = [];
  for (const each of await listPackages(repository)) {
    if (!each.configSchema?.endsWith('.json')) continue;
    const file = join(repository, each.folder, each.configSchema);
    const content: unknown = JSON.parse(await readFile(file, 'utf8'));
    configs.push({
      name: each.name,
      folder: each.folder,
      schema: configSchema.parse(content),
    });
  }
  return configs;
}
