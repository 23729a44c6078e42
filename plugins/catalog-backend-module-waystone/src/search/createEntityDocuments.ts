import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import type { Entity } from '@backstage/catalog-model';
import type { SearchGroup } from '@waystone/plugin-search-common';
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { readOperations } from './readOperations';
import type { SearchDocument } from './SearchDocument';

/** A key as long as this is kept as its digest. */
const LONGEST_KEY = 500;

/** How much kinds count where names match as well. Those that are looked for most come first. */
const KINDS: Record<string, { weight: number; group: SearchGroup }> = {
  component: { weight: 40, group: 'services' },
  system: { weight: 30, group: 'services' },
  group: { weight: 36, group: 'people' },
  user: { weight: 36, group: 'people' },
  api: { weight: 32, group: 'apis' },
  template: { weight: 30, group: 'services' },
  resource: { weight: 24, group: 'services' },
  domain: { weight: 20, group: 'services' },
};

/** What people call a kind. */
const KIND_WORDS: Record<string, readonly string[]> = {
  group: ['team'],
  user: ['person', 'people'],
  template: ['golden', 'path', 'create'],
};

/** Where an entity is registered is nothing that anybody looks for. */
const HIDDEN_KINDS = ['location'];

/** Documents of operations come after entities that match as well, and before docs. */
const OPERATION_WEIGHT = -200;

const text = z.string().optional().catch(undefined);

const specSchema = z
  .object({
    type: text,
    lifecycle: text,
    definition: text,
    profile: z
      .object({ displayName: text, email: text })
      .optional()
      .catch(undefined),
  })
  .catch({});

/** What search finds of an entity: itself, and the operations of an API. */
export function createEntityDocuments(entity: Entity): SearchDocument[] {
  const entityRef = stringifyEntityRef(entity);
  const { kind, namespace, name } = parseEntityRef(entityRef);
  if (HIDDEN_KINDS.includes(kind)) {
    return [];
  }
  const { metadata, relations = [] } = entity;
  const spec = specSchema.parse(entity.spec ?? {});
  const relation = (type: string) =>
    relations.find(candidate => candidate.type === type)?.targetRef;
  const title = spec.profile?.displayName ?? metadata.title ?? metadata.name;
  const { weight, group } = KINDS[kind] ?? { weight: 10, group: 'services' };
  const common = {
    entityRef,
    owner: relation('ownedBy'),
    lifecycle: spec.lifecycle,
  };
  const path = [namespace, kind, name].map(encodeURIComponent).join('/');
  const documents: SearchDocument[] = [
    {
      ...common,
      key: toKey(entityRef),
      type: 'entity',
      kind,
      group,
      title,
      names: [
        metadata.name,
        ...(title === metadata.name ? [] : [title]),
        ...(spec.profile?.email ? [spec.profile.email.split('@')[0]] : []),
      ],
      detail: metadata.description,
      words: [
        kind,
        namespace,
        ...(KIND_WORDS[kind] ?? []),
        ...(spec.type ? [spec.type] : []),
        ...(metadata.tags ?? []),
        ...[common.owner, relation('partOf'), relation('memberOf')].flatMap(
          ref => (ref ? [parseEntityRef(ref).name] : []),
        ),
        ...(spec.profile?.email ? [spec.profile.email] : []),
      ],
      location:
        kind === 'template'
          ? `/create/templates/${encodeURIComponent(
              namespace,
            )}/${encodeURIComponent(name)}`
          : `/catalog/${path}`,
      specType: spec.type,
      weight,
      popularity: Math.min(10_000, relations.length),
    },
  ];
  if (kind !== 'api' || !spec.type || !spec.definition) {
    return documents;
  }
  const operations = readOperations(spec.type, spec.definition);
  for (const operation of operations) {
    documents.push({
      ...common,
      key: toKey(`${entityRef}#${operation.name}`),
      type: 'operation',
      kind: 'operation',
      group: 'apis',
      title: operation.name,
      names: [operation.name, operation.short, ...operation.words],
      detail: [title, operation.summary?.split('\n', 1)[0]]
        .filter(Boolean)
        .join(': '),
      words: [metadata.name, ...(operation.summary ? [operation.summary] : [])],
      location: `/catalog/${path}/definition`,
      specType: spec.type,
      weight: OPERATION_WEIGHT,
    });
  }
  return [
    ...new Map(documents.map(document => [document.key, document])).values(),
  ];
}

/** A key that fits into an index. */
export function toKey(key: string): string {
  return key.length <= LONGEST_KEY
    ? key
    : createHash('sha256').update(key).digest('hex');
}
