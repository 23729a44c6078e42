import type { LoggerService } from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import type { ForgeCommit, ForgeService } from '@waystone/integrations';
import type { SourceCommit } from '@waystone/plugin-catalog-overview-common';
import type { Knex } from 'knex';
import { isOnForge, locateOnForge } from '../proposals/ForgeLocation';

/** How many changes a turn looks at, and how many files: forges count requests, GitHub to 5,000 an hour. */
const BATCH_SIZE = 50;
const MOST_FILES = 5;

const MOST_ATTEMPTS = 5;

/** After that nobody waits for it any more, such as after ten thousand entities were registered at once. */
const GIVEN_UP_AFTER = '1 hour';

/** Clocks differ, and the catalog may read a file before the forge says when it was written. */
const SKEW_MILLISECONDS = 2 * 60 * 1000;

/** How long before a change is noted its commit may have been made, if nothing was noted in between. */
const LATENESS_MILLISECONDS = 60 * 60 * 1000;

interface WantedCommit {
  readonly id: string;
  readonly entityRef: string;
  readonly changedAt: Date;
  readonly action: string;
  readonly location: string;
  /** When the change before it was noted. */
  readonly previousAt: Date | null;
  /** The commits that earlier changes came from. */
  readonly taken: readonly string[];
}

/**
 * Finds the commits that changes came from, after the changes are noted.
 *
 * @remarks
 *
 * What the catalog read has no version, so that this is a guess: the last commit of the file before the change, unless
 * an earlier change came from it. A change for which there is none was not made in the file.
 */
export class HistoryCommits {
  readonly #knex: Knex;
  readonly #forges: ForgeService;
  readonly #logger: LoggerService;

  constructor(options: {
    readonly knex: Knex;
    readonly forges: ForgeService;
    readonly logger: LoggerService;
  }) {
    this.#knex = options.knex;
    this.#forges = options.forges;
    this.#logger = options.logger;
  }

  /** One turn. Forges that don't answer are asked again in later ones, a few times. */
  async find(signal?: AbortSignal): Promise<void> {
    await this.#knex.raw(
      `update waystone_history set commit_attempts = null
       where commit_attempts is not null and changed_at < now() - ?::interval`,
      [GIVEN_UP_AFTER],
    );
    const wanted = await this.#wanted();
    const files = new Map<string, Promise<readonly ForgeCommit[]>>();
    for (const change of wanted) {
      const { location } = change;
      if (signal?.aborted) {
        return;
      }
      if (!files.has(location) && files.size === MOST_FILES) {
        continue;
      }
      try {
        const commits =
          files.get(location) ?? this.#commitsOf(location, signal);
        files.set(location, commits);
        const commit = commitOf(change, await commits);
        await this.#knex('waystone_history')
          .where({ id: change.id })
          .update({
            commit: commit ? JSON.stringify(commit) : null,
            commit_attempts: null,
          });
      } catch (error) {
        this.#logger.debug(
          `The commit of a change of ${
            change.entityRef
          } was not found: ${stringifyError(error)}`,
        );
        await this.#knex('waystone_history')
          .where({ id: change.id })
          .update({
            commit_attempts: this.#knex.raw(
              'case when commit_attempts + 1 < ? then commit_attempts + 1 end',
              [MOST_ATTEMPTS],
            ),
          });
      }
    }
  }

  async #wanted(): Promise<WantedCommit[]> {
    const { rows } = await this.#knex.raw<{ rows: WantedCommit[] }>(
      `select h.id::text, h.entity_ref as "entityRef", h.changed_at as "changedAt", h.action, h.location,
         (select max(p.changed_at) from waystone_history p
          where p.entity_ref = h.entity_ref and p.id < h.id) as "previousAt",
         array(select p.commit::json ->> 'sha' from waystone_history p
          where p.entity_ref = h.entity_ref and p.id < h.id and p.commit is not null) as taken
       from waystone_history h where h.commit_attempts is not null
       order by h.commit_attempts, h.id desc limit ?`,
      [BATCH_SIZE],
    );
    return rows;
  }

  async #commitsOf(
    location: string,
    signal: AbortSignal | undefined,
  ): Promise<readonly ForgeCommit[]> {
    const place = await locateOnForge(this.#forges, location, { signal });
    return isOnForge(place)
      ? place.forge.listCommits(place.repository, {
          ref: place.branch,
          path: place.path,
          limit: 20,
          signal,
        })
      : [];
  }
}

function commitOf(
  change: WantedCommit,
  commits: readonly ForgeCommit[],
): SourceCommit | undefined {
  const latest = change.changedAt.getTime() + SKEW_MILLISECONDS;
  const found = commits.find(
    ({ committedAt }) => Date.parse(committedAt) <= latest,
  );
  if (
    !found ||
    change.taken.includes(found.sha) ||
    (change.action === 'changed' &&
      change.previousAt !== null &&
      Date.parse(found.committedAt) <
        change.previousAt.getTime() - LATENESS_MILLISECONDS)
  ) {
    return undefined;
  }
  return {
    sha: found.sha,
    at: found.committedAt,
    author: found.author.name,
    url: found.url,
  };
}
