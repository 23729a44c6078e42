import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';

/**
 * A component of the example organisation.
 *
 * @public
 */
export interface SeedService {
  readonly name: string;
  readonly title: string;
  /** The name of its team, such as `orders`. */
  readonly owner: string;
  readonly system: string;
  readonly type: string;
  readonly lifecycle: string;
  /** 1 is the most important. */
  readonly tier: number;
  readonly tags: readonly string[];
  /** Names of resources it needs, such as `orders-database`. */
  readonly resources: readonly string[];
  /** Whether it runs in the clusters; a library does not. */
  readonly runs: boolean;
  /** Its catalog file, API definitions and documentation: whole text by path. */
  readonly files: Readonly<Record<string, string>>;
}

const CATALOG_FILE = 'catalog-info.yaml';

const schema = z.object({
  kind: z.literal('Component'),
  metadata: z.object({
    name: z.string(),
    description: z.string().default(''),
    annotations: z.record(z.string(), z.string()).default({}),
    tags: z.array(z.string()).default([]),
  }),
  spec: z.object({
    type: z.string(),
    lifecycle: z.string(),
    owner: z.string(),
    system: z.string(),
    dependsOn: z.array(z.string()).default([]),
  }),
});

/**
 * Reads the components beside an organisation's file: `components/<name>/catalog-info.yaml` and what is beside it.
 *
 * @param organisationFile - the path of `org.yaml`; without a folder `components` beside it there are none
 */
export function readServices(organisationFile: string): SeedService[] {
  const folder = join(dirname(organisationFile), 'components');
  if (!existsSync(folder)) {
    return [];
  }
  return readdirSync(folder)
    .sort()
    .map(name => join(folder, name))
    .filter(path => existsSync(join(path, CATALOG_FILE)))
    .flatMap(path => {
      const files = readFiles(path);
      const component = parseAllDocuments(files[CATALOG_FILE])
        .map(document => schema.safeParse(document.toJS()))
        .find(result => result.success)?.data;
      return component ? [toService(component, files)] : [];
    });
}

function readFiles(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => join(entry.parentPath, entry.name))
      .map(path => [
        relative(folder, path).split(sep).join('/'),
        readFileSync(path, 'utf8'),
      ]),
  );
}

function toService(
  { metadata, spec }: z.infer<typeof schema>,
  files: Readonly<Record<string, string>>,
): SeedService {
  return {
    name: metadata.name,
    title: metadata.description,
    owner: nameOf(spec.owner),
    system: nameOf(spec.system),
    type: spec.type,
    lifecycle: spec.lifecycle,
    tier: Number(metadata.annotations['waystone.dev/tier'] ?? 3),
    tags: metadata.tags,
    resources: spec.dependsOn
      .filter(ref => ref.startsWith('resource:'))
      .map(nameOf),
    runs: metadata.annotations['backstage.io/kubernetes-id'] !== undefined,
    files,
  };
}

function nameOf(ref: string): string {
  return ref.slice(Math.max(ref.lastIndexOf('/'), ref.lastIndexOf(':')) + 1);
}
