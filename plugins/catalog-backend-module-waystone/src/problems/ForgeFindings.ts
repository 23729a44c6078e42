import type { LoggerService } from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import type { ForgeCommit, ForgeService } from '@waystone/integrations';
import type { CatalogProblem } from '@waystone/plugin-catalog-checks-common';
import type {
  EntityProblem,
  EntityProblemsResponse,
  SourceCommit,
} from '@waystone/plugin-catalog-overview-common';
import { isOnForge, locateOnForge } from '../proposals/ForgeLocation';
import type { ForgeLocation } from '../proposals/ForgeLocation';
import { branchOfFix, fixIdOf } from './checkSource';

/** A page waits no longer for the forge. */
const PATIENCE_MS = 4000;

/** How many commits back a version that was fine is looked for. */
const MOST_COMMITS = 6;

/** What a forge adds to the problems of a file. */
export interface FoundOnForge {
  readonly proposal?: EntityProblemsResponse['proposal'];
  readonly broken?: NonNullable<EntityProblemsResponse['broken']>;
  readonly fixes: ReadonlyMap<
    CatalogProblem,
    Pick<EntityProblem, 'fixId' | 'pullRequest'>
  >;
}

/** Asks the forge of a file: where a fix can go, what is open already, and which commit broke it. */
export class ForgeFindings {
  readonly #forges: ForgeService;
  readonly #logger: LoggerService;

  constructor(options: {
    readonly forges: ForgeService;
    readonly logger: LoggerService;
  }) {
    this.#forges = options.forges;
    this.#logger = options.logger;
  }

  /** A forge that is down takes nothing away but what it would have added. */
  async read(options: {
    readonly locationKey: string | null | undefined;
    readonly text: string;
    readonly problems: readonly CatalogProblem[];
    readonly broken: boolean;
    /** Whether the catalog would not have taken such a text. */
    isBroken(text: string): Promise<boolean>;
  }): Promise<FoundOnForge> {
    const { broken, locationKey, problems, text } = options;
    const fixable = problems.filter(({ fix }) => fix);
    if (fixable.length === 0 && !broken) {
      return { fixes: new Map() };
    }
    const signal = AbortSignal.timeout(PATIENCE_MS);
    try {
      const location = await locateOnForge(this.#forges, locationKey, {
        signal,
      });
      if (!isOnForge(location)) {
        return {
          fixes: new Map(),
          ...(fixable.length > 0 && {
            proposal: { possible: false, reason: location.reason },
          }),
        };
      }
      const [open, history] = await Promise.all([
        fixable.length > 0
          ? location.forge.listPullRequests(location.repository, {
              state: 'open',
              base: location.branch,
              signal,
            })
          : [],
        broken
          ? readHistory({ ...options, location, signal })
          : Promise.resolve(undefined),
      ]);
      const { owner, name } = location.repository;
      return {
        fixes: new Map(
          fixable.map(problem => {
            const fixId = fixIdOf(text, problem)!;
            const pull = open.find(
              ({ head }) => head.branch === branchOfFix(problem.id, fixId),
            );
            return [
              problem,
              {
                fixId,
                ...(pull && {
                  pullRequest: {
                    number: pull.number,
                    title: pull.title,
                    url: pull.url,
                  },
                }),
              },
            ];
          }),
        ),
        ...(fixable.length > 0 && {
          proposal: {
            possible: true,
            repository: `${owner}/${name}`,
            path: location.path,
            branch: location.branch,
          },
        }),
        ...(history && { broken: history }),
      };
    } catch (error) {
      this.#logger.debug('The forge of a file did not answer', toError(error));
      return {
        fixes: new Map(),
        ...(fixable.length > 0 && {
          proposal: {
            possible: false,
            reason: 'The Git server does not answer. Try again later.',
          },
        }),
      };
    }
  }
}

/** Goes back to the newest version that was fine. */
async function readHistory(options: {
  readonly location: ForgeLocation;
  readonly signal: AbortSignal;
  isBroken(text: string): Promise<boolean>;
}): Promise<EntityProblemsResponse['broken']> {
  const { isBroken, location, signal } = options;
  const { branch, forge, path, repository } = location;
  const commits = await forge.listCommits(repository, {
    ref: branch,
    path,
    limit: MOST_COMMITS,
    signal,
  });
  let first = commits[0];
  for (const commit of commits.slice(1)) {
    const file = await forge.findFile(repository, path, {
      ref: commit.sha,
      signal,
    });
    if (file && !(await isBroken(file.content.toString('utf8')))) {
      return {
        since: first.committedAt,
        by: toCommit(first),
        shown: toCommit(commit),
      };
    }
    first = commit;
  }
  // Older than what was looked at, or from the beginning
  return first && { since: first.committedAt };
}

function toCommit(commit: ForgeCommit): SourceCommit {
  const { author, committedAt, sha, url } = commit;
  return { sha, at: committedAt, author: author.name, url };
}
