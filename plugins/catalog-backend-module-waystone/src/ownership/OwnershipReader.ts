import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import { parseEntityRef } from '@backstage/catalog-model';
import type { Entity } from '@backstage/catalog-model';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import { OWNERSHIP_LIST_SIZE } from '@waystone/plugin-catalog-overview-common';
import type { OwnershipResponse } from '@waystone/plugin-catalog-overview-common';
import type { ListingTable } from '../listing/ListingTable';
import type { VisibleEntities } from '../visibility/VisibleEntities';
import {
  annotatedAddress,
  chatOf,
  docsOf,
  otherLinksOf,
} from '../overview/entityLinks';
import type { ProblemsReader } from '../problems/ProblemsReader';
import { readOwnership } from './OwnershipDatabase';
import type { OwnershipRow } from './OwnershipDatabase';

const ON_CALL = 'waystone.dev/on-call';
const LEADS = 'waystone.dev/team-leads';

/** Problems of more entities are neither counted in good time nor looked at by anybody. */
const MOST_COUNTED = 5000;

interface ProblemCount {
  readonly errors: number;
  readonly warnings: number;
}

const NO_PROBLEMS: ProblemCount = { errors: 0, warnings: 0 };

interface OwnershipReaderOptions {
  readonly catalog: CatalogService;
  readonly problems: ProblemsReader;
  readonly table: ListingTable;
  readonly visible: VisibleEntities;
}

/** Who a team or a person is, how to reach them, and what they own. */
export class OwnershipReader {
  readonly #options: OwnershipReaderOptions;

  static create(options: OwnershipReaderOptions): OwnershipReader {
    return new OwnershipReader(options);
  }

  private constructor(options: OwnershipReaderOptions) {
    this.#options = options;
  }

  /**
   * @param entityRef - of a group or a user, full and in lower case
   * @returns Undefined if there is none for the caller. What she may not see is left out and not counted.
   */
  async read(
    entityRef: string,
    credentials: BackstageCredentials,
  ): Promise<OwnershipResponse | undefined> {
    const { catalog, table, visible } = this.#options;
    const kind = entityRef.startsWith('user:') ? 'user' : 'group';
    const [entity, knex, visibility] = await Promise.all([
      catalog.getEntityByRef(entityRef, { credentials }),
      table.client(),
      visible.to(credentials),
    ]);
    if (!entity) {
      return undefined;
    }
    const row = await readOwnership(knex, {
      entityRef,
      kind,
      visibility,
      limit: OWNERSHIP_LIST_SIZE,
    });
    const problems = await this.#problemsOf(row, credentials);
    const leads = leadsOf(entity);
    const total = problems.all ? sum([...problems.counts.values()]) : undefined;
    return {
      entityRef,
      contact: {
        email: emailOf(entity),
        chat: chatOf(entity),
        onCall: annotatedAddress(entity, ON_CALL),
        docs: docsOf(entity),
        links: otherLinksOf(entity),
      },
      members: {
        items: row.members.map(({ email, picture, ...person }) => ({
          ...person,
          email: email ?? undefined,
          picture: picture ?? undefined,
          leads: leads.has(person.entityRef),
        })),
        total: row.memberTotal,
      },
      parent: row.parent ?? undefined,
      teams: {
        items: row.teams.map(team => ({
          ...team,
          type: team.type ?? undefined,
        })),
        total: row.teamTotal,
      },
      owned: {
        items: row.owned.map(({ owner, ownerTitle, ...item }) => ({
          ...item,
          type: item.type ?? undefined,
          lifecycle: item.lifecycle ?? undefined,
          tier: item.tier ?? undefined,
          owner: { entityRef: owner, title: ownerTitle },
          ...problems.counts.get(item.entityRef),
        })),
        total: row.ownedRefs.length,
        direct: row.direct,
        kinds: row.kinds,
      },
      problems: total,
    };
  }

  /** Of what the caller may know the problems of: of everything, or of what she owns. */
  async #problemsOf(
    row: OwnershipRow,
    credentials: BackstageCredentials,
  ): Promise<{
    readonly all: boolean;
    readonly counts: ReadonlyMap<string, ProblemCount>;
  }> {
    const { problems } = this.#options;
    const scope = await problems.scopeOf(credentials);
    const refs = row.ownedRefs.slice(0, MOST_COUNTED);
    if (refs.length === 0) {
      return { all: true, counts: new Map() };
    }
    const counts = new Map<string, ProblemCount>();
    for (const problem of await problems.ofEntities(refs)) {
      if (
        scope.everybody ||
        problem.owners.some(owner => scope.owners.includes(owner))
      ) {
        const before = counts.get(problem.entityRef) ?? NO_PROBLEMS;
        counts.set(
          problem.entityRef,
          sum([
            before,
            problem.severity === 'error'
              ? { errors: 1, warnings: 0 }
              : { errors: 0, warnings: 1 },
          ]),
        );
      }
    }
    const known = row.owned.filter(
      ({ owner }) => scope.everybody || scope.owners.includes(owner),
    );
    for (const { entityRef } of known) {
      counts.set(entityRef, counts.get(entityRef) ?? NO_PROBLEMS);
    }
    return {
      all:
        refs.length === row.ownedRefs.length &&
        known.length === row.owned.length,
      counts,
    };
  }
}

function sum(counts: readonly ProblemCount[]): ProblemCount {
  return counts.reduce(
    (all, { errors, warnings }) => ({
      errors: all.errors + errors,
      warnings: all.warnings + warnings,
    }),
    NO_PROBLEMS,
  );
}

function emailOf(entity: Entity): string | undefined {
  const profile = entity.spec?.profile;
  const email =
    typeof profile === 'object' && profile !== null && !Array.isArray(profile)
      ? profile.email
      : undefined;
  // No headers of a mail in the address, and nothing but an address
  return typeof email === 'string' &&
    /^[^\s@<>?&,;:]+@[^\s@<>?&,;:]+$/.test(email)
    ? email
    : undefined;
}

function leadsOf(entity: Entity): ReadonlySet<string> {
  const refs = entity.metadata.annotations?.[LEADS]?.split(',') ?? [];
  return new Set(
    refs.flatMap(ref => {
      try {
        const { kind, namespace, name } = parseEntityRef(ref.trim(), {
          defaultKind: 'user',
          defaultNamespace: 'default',
        });
        return [`${kind}:${namespace}/${name}`.toLocaleLowerCase('en-US')];
      } catch {
        // Names nobody
        return [];
      }
    }),
  );
}
