import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';

/**
 * A component of the example organisation that runs in the clusters.
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
  /** The catalog file's text. */
  readonly catalogInfo: string;
}

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
 * Reads the components beside an organisation's file: `components/<name>/catalog-info.yaml`.
 *
 * @param organisationFile - the path of `org.yaml`; without a folder `components` beside it there are no services
 */
export function readServices(organisationFile: string): SeedService[] {
  const folder = join(dirname(organisationFile), 'components');
  if (!existsSync(folder)) {
    return [];
  }
  return readdirSync(folder)
    .sort()
    .map(name => join(folder, name, 'catalog-info.yaml'))
    .filter(file => existsSync(file))
    .flatMap(file => {
      const catalogInfo = readFileSync(file, 'utf8');
      const component = parseAllDocuments(catalogInfo)
        .map(document => schema.safeParse(document.toJS()))
        .find(result => result.success)?.data;
      const runs =
        component?.metadata.annotations['backstage.io/kubernetes-id'];
      return component && runs ? [toService(component, catalogInfo)] : [];
    });
}

function toService(
  { metadata, spec }: z.infer<typeof schema>,
  catalogInfo: string,
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
    catalogInfo,
  };
}

function nameOf(ref: string): string {
  return ref.slice(Math.max(ref.lastIndexOf('/'), ref.lastIndexOf(':')) + 1);
}
