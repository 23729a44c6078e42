import type {
  DatabaseService,
  LoggerService,
} from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import type {
  ForgeRepository,
  ForgeService,
  GitForge,
  RepositoryRef,
} from '@waystone/integrations';

const LOCATION = 'metadata.annotations.backstage.io/managed-by-location';

/** Accounts of forges; each is one question. */
const MOST_ACCOUNTS = 10;

/** How many repositories are offered at once. */
const MOST_OFFERED = 20;

/** How long the accounts are kept: each look at them reads the source of every entity. */
const KEPT_MS = 10 * 60_000;

const PATIENCE_MS = 5000;

interface Account {
  readonly forge: GitForge;
  readonly owner: string;
}

/** The repositories that a new file of the catalog may go to: those of accounts that entities come from already. */
export class RepositoryChoice {
  readonly #database: DatabaseService;
  readonly #forges: ForgeService;
  readonly #logger: LoggerService;
  #kept: { at: number; accounts: readonly Account[] } | undefined;

  constructor(options: {
    readonly database: DatabaseService;
    readonly forges: ForgeService;
    readonly logger: LoggerService;
  }) {
    this.#database = options.database;
    this.#forges = options.forges;
    this.#logger = options.logger;
  }

  /** Those with a text in their name. An account that does not answer is left out. */
  async search(text: string): Promise<readonly ForgeRepository[]> {
    const found = await Promise.all(
      (
        await this.#accounts()
      ).map(async ({ forge, owner }) => {
        try {
          return await forge.searchRepositories(owner, {
            text,
            limit: MOST_OFFERED,
            signal: AbortSignal.timeout(PATIENCE_MS),
          });
        } catch (error) {
          this.#logger.warn(
            `The repositories of '${owner}' at ${forge.instance} could not be searched`,
            toError(error),
          );
          return [];
        }
      }),
    );
    return found.flat().slice(0, MOST_OFFERED);
  }

  /** The repository of an address, if it is one of those that are offered. */
  async find(
    url: string,
  ): Promise<{ forge: GitForge; repository: RepositoryRef } | undefined> {
    for (const { forge, owner } of await this.#accounts()) {
      const repository = forge.parseUrl(url);
      if (repository && isSame(repository.owner, owner)) {
        return { forge, repository };
      }
    }
    return undefined;
  }

  async #accounts(): Promise<readonly Account[]> {
    if (this.#kept && Date.now() - this.#kept.at < KEPT_MS) {
      return this.#kept.accounts;
    }
    const knex = await this.#database.getClient();
    const { rows } = await knex.raw<{ rows: { example: string }[] }>(
      `select min(original_value) as example, count(*) as count from search
       where key = ? and value like 'url:http%'
       group by split_part(value, '/', 3), split_part(value, '/', 4)
       order by 2 desc`,
      [LOCATION],
    );
    const accounts: Account[] = [];
    for (const { example } of rows) {
      for (const forge of this.#forges.forges) {
        const owner = forge.parseUrl(example.slice('url:'.length))?.owner;
        const isKnown = accounts.some(
          known => known.forge === forge && isSame(known.owner, owner ?? ''),
        );
        if (owner && !isKnown) {
          accounts.push({ forge, owner });
        }
      }
    }
    this.#kept = { at: Date.now(), accounts: accounts.slice(0, MOST_ACCOUNTS) };
    return this.#kept.accounts;
  }
}

function isSame(one: string, other: string): boolean {
  return one.toLocaleLowerCase('en-US') === other.toLocaleLowerCase('en-US');
}
