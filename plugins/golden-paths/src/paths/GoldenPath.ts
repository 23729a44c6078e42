import { stringifyEntityRef } from '@backstage/catalog-model';
import type { Entity } from '@backstage/catalog-model';
import { getEntityRelations } from '@backstage/plugin-catalog-react';

/** What is read of a template for the list. */
export const GOLDEN_PATH_FIELDS = [
  'kind',
  'metadata.name',
  'metadata.namespace',
  'metadata.title',
  'metadata.description',
  'metadata.tags',
  'metadata.annotations',
  'spec.type',
  'relations',
];

const VERSION = 'waystone.dev/template-version';
const DOCS = 'backstage.io/techdocs-ref';

/** The tag of the path that the platform team would take. */
const RECOMMENDED = 'recommended';

/** A template, as the list shows it. */
export interface GoldenPath {
  readonly entityRef: string;
  readonly namespace: string;
  readonly name: string;
  readonly title: string;
  readonly description?: string;
  readonly type: string;
  readonly version?: string;
  readonly tags: readonly string[];
  readonly recommended: boolean;
  readonly owner?: string;
  readonly docs: boolean;
}

/** What restricts the list. */
export interface GoldenPathFilter {
  readonly search: string;
  readonly type?: string;
  readonly tag?: string;
  readonly owner?: string;
  /** Only these entity refs. */
  readonly among?: ReadonlySet<string>;
}

/** Reads a template's entity. */
export function toGoldenPath(entity: Entity): GoldenPath {
  const { annotations = {}, description, name, tags = [] } = entity.metadata;
  const owner = getEntityRelations(entity, 'ownedBy')[0];
  const type = entity.spec?.type;
  return {
    entityRef: stringifyEntityRef(entity),
    namespace: entity.metadata.namespace ?? 'default',
    name,
    title: entity.metadata.title ?? name,
    description,
    type: typeof type === 'string' && type ? type : 'other',
    version: annotations[VERSION],
    tags: tags.filter(tag => tag !== RECOMMENDED),
    recommended: tags.includes(RECOMMENDED),
    owner: owner && stringifyEntityRef(owner),
    docs: DOCS in annotations,
  };
}

/** Every word that was searched for is somewhere in it. */
export function matches(path: GoldenPath, filter: GoldenPathFilter): boolean {
  const { among, owner, search, tag, type } = filter;
  const text = [path.title, path.name, path.description, ...path.tags]
    .join(' ')
    .toLocaleLowerCase('en-US');
  return (
    (!type || path.type === type) &&
    (!tag || path.tags.includes(tag)) &&
    (!owner || path.owner === owner) &&
    (!among || among.has(path.entityRef)) &&
    search
      .toLocaleLowerCase('en-US')
      .split(/\s+/)
      .every(word => text.includes(word))
  );
}

/** The paths by type: services, which most come for, and then the others by name; what is recommended is first. */
export function byType(
  paths: readonly GoldenPath[],
): readonly (readonly [type: string, paths: readonly GoldenPath[]])[] {
  const sorted = [...paths].sort(
    (a, b) =>
      Number(b.recommended) - Number(a.recommended) ||
      a.title.localeCompare(b.title, 'en'),
  );
  const types = [...new Set(sorted.map(({ type }) => type))].sort(
    (a, b) =>
      Number(b === 'service') - Number(a === 'service') ||
      a.localeCompare(b, 'en'),
  );
  return types.map(type => [type, sorted.filter(path => path.type === type)]);
}
