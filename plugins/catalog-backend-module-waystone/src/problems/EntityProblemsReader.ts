import type {
  BackstageCredentials,
  DatabaseService,
  LoggerService,
} from '@backstage/backend-plugin-api';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import { toLineDiff } from '@waystone/plugin-catalog-checks-common';
import type { CatalogProblem } from '@waystone/plugin-catalog-checks-common';
import type {
  EntityProblem,
  EntityProblemsResponse,
} from '@waystone/plugin-catalog-overview-common';
import type { Knex } from 'knex';
import { parseErrors } from './catalogErrors';
import { checkSource, keepsOldVersion } from './checkSource';
import { describeProblem } from './describeProblem';
import type { ForgeFindings } from './ForgeFindings';
import { isOwnedBy } from './isOwnedBy';
import type { ProblemsReader } from './ProblemsReader';
import type { StoredProblem } from './problemsSql';
import type { SourceReader } from './SourceReader';

/** A chain of locations longer than this is a mistake. */
const MOST_ANCESTORS = 20;

/** What only the catalog knows; all else is said better by the file itself. */
const CATALOG_ONLY = new Set([
  'processing-failed',
  'orphaned',
  'stuck',
  'name-claimed',
  'stack-deprecated',
  'stack-end-of-life',
]);

/** An entity, or a location that brings it. */
interface Row {
  readonly ref: string;
  readonly key: string | null;
  readonly errors: string | null;
}

/** All that is wrong with one entity, with the lines of its file. */
export class EntityProblemsReader {
  readonly #catalog: CatalogService;
  readonly #database: DatabaseService;
  readonly #forge: ForgeFindings;
  readonly #logger: LoggerService;
  readonly #problems: ProblemsReader;
  readonly #source: SourceReader;

  static create(options: {
    readonly catalog: CatalogService;
    readonly database: DatabaseService;
    readonly forge: ForgeFindings;
    readonly logger: LoggerService;
    readonly problems: ProblemsReader;
    readonly source: SourceReader;
  }): EntityProblemsReader {
    return new EntityProblemsReader(options);
  }

  private constructor(options: {
    readonly catalog: CatalogService;
    readonly database: DatabaseService;
    readonly forge: ForgeFindings;
    readonly logger: LoggerService;
    readonly problems: ProblemsReader;
    readonly source: SourceReader;
  }) {
    this.#catalog = options.catalog;
    this.#database = options.database;
    this.#forge = options.forge;
    this.#logger = options.logger;
    this.#problems = options.problems;
    this.#source = options.source;
  }

  /**
   * @param entityRef - full and in lower case
   * @returns Undefined if there is no such entity for the caller.
   */
  async read(
    entityRef: string,
    credentials: BackstageCredentials,
  ): Promise<EntityProblemsResponse | undefined> {
    if (!(await this.#catalog.getEntityByRef(entityRef, { credentials }))) {
      return undefined;
    }
    const knex = await this.#database.getClient();
    const scope = await this.#problems.scopeOf(credentials);
    const rows = await readWithLocations(knex, entityRef);
    const stored = await this.#problems.ofEntities(rows.map(({ ref }) => ref));
    const shownSince = await readShownSince(knex, entityRef);
    const failed = stored.some(({ id }) => id === 'processing-failed');
    if (!scope.everybody && !(await isOwnedBy(knex, entityRef, scope.owners))) {
      return {
        allowed: false,
        items: [],
        outdated: failed,
        ...(failed && shownSince),
      };
    }
    const own = rows.find(row => row.ref === entityRef);
    const source = await this.#check(knex, own, rows);
    const fromFile = (source.problems ?? []).filter(
      problem => !problem.entityRef || problem.entityRef === entityRef,
    );
    const wrongInFile = fromFile.some(keepsOldVersion);
    const fromCatalog = stored.filter(
      ({ entityRef: of, id }) =>
        (of === entityRef || id === 'processing-failed') &&
        (CATALOG_ONLY.has(id) || !source.problems) &&
        // The file says the same, with its line
        !(id === 'processing-failed' && wrongInFile),
    );
    const outdated = wrongInFile || failed;
    const onForge = await this.#forge.read({
      locationKey: own?.key,
      text: source.text ?? '',
      problems: fromFile,
      broken: wrongInFile,
      isBroken: async text =>
        (
          await checkSource(knex, { file: '', text })
        ).some(
          problem =>
            keepsOldVersion(problem) &&
            (!problem.entityRef || problem.entityRef === entityRef),
        ),
    });
    const { brokenSince } = source;
    return {
      allowed: true,
      items: [
        ...fromFile.map(problem => ({
          ...withDiff(problem, source.text ?? ''),
          ...onForge.fixes.get(problem),
        })),
        ...fromCatalog.flatMap(problem => toItems(problem, rows)),
      ].sort((a, b) => a.severity.localeCompare(b.severity)),
      outdated,
      ...shownSince,
      ...(source.unreadable && { unreadable: source.unreadable }),
      ...(onForge.proposal && { proposal: onForge.proposal }),
      ...(wrongInFile &&
        (onForge.broken || brokenSince) && {
          broken: {
            ...(brokenSince && { since: brokenSince }),
            ...onForge.broken,
          },
        }),
    };
  }

  async #check(
    knex: Knex,
    own: Row | undefined,
    rows: readonly Row[],
  ): Promise<{
    problems?: readonly CatalogProblem[];
    text?: string;
    brokenSince?: string;
    unreadable?: string;
  }> {
    if (!own?.key) {
      return {};
    }
    try {
      const read = await this.#source.read(own.key, {
        // What came from a file by way of an address is not for us to open
        local: rows.every(({ key }) => !key || key.startsWith('file:')),
      });
      if (!read) {
        return {};
      }
      return {
        problems: await checkSource(knex, read),
        text: read.text,
        brokenSince: read.changedAt,
      };
    } catch (error) {
      this.#logger.debug(
        `The source of ${own.ref} could not be read`,
        error as Error,
      );
      return { unreadable: 'The file could not be read.' };
    }
  }
}

/** When the version that is shown came to be. */
async function readShownSince(
  knex: Knex,
  entityRef: string,
): Promise<{ shownSince?: string }> {
  const final: { at: Date | null } | undefined = await knex('final_entities')
    .where({ entity_ref: entityRef })
    .first({ at: 'last_updated_at' });
  return final?.at ? { shownSince: final.at.toISOString() } : {};
}

/** An entity and the locations that bring it, the nearest first. */
async function readWithLocations(
  knex: Knex,
  entityRef: string,
): Promise<readonly Row[]> {
  const { rows } = await knex.raw<{ rows: Row[] }>(
    `with recursive up(ref, depth) as (
       select ?::text, 0
       union
       select r.source_entity_ref, up.depth + 1
       from up join refresh_state_references r on r.target_entity_ref = up.ref
       where r.source_entity_ref like 'location:%' and up.depth < ?
     )
     select s.entity_ref as ref, s.location_key as key, s.errors
     from (select ref, min(depth) as depth from up group by ref) nearest
     join refresh_state s on s.entity_ref = nearest.ref
     order by nearest.depth, s.entity_ref limit 50`,
    [entityRef, MOST_ANCESTORS],
  );
  return rows;
}

/** One for each error that the catalog has; one for the problem if it has none. */
function toItems(
  problem: StoredProblem,
  rows: readonly Row[],
): EntityProblem[] {
  const { entityRef, id, severity } = problem;
  const errors =
    id === 'processing-failed'
      ? parseErrors(rows.find(({ ref }) => ref === entityRef)?.errors)
      : [];
  const messages = errors.length > 0 ? errors : [describeProblem(problem)];
  return messages.map(message => ({ id, severity, message, entityRef }));
}

function withDiff(problem: CatalogProblem, text: string): EntityProblem {
  return problem.fix
    ? { ...problem, diff: copyDiff(toLineDiff(text, problem.fix.patch)) }
    : problem;
}

function copyDiff({ line, removed, added }: ReturnType<typeof toLineDiff>) {
  return { line, removed: [...removed], added: [...added] };
}
