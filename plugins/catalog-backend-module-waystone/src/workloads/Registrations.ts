import type {
  AuthService,
  DatabaseService,
  LoggerService,
} from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import type { ForgeService } from '@waystone/integrations';

interface RegistrationRow {
  readonly forge: string;
  readonly owner: string;
  readonly repository: string;
  readonly number: number;
  readonly branch: string;
  readonly path: string;
}

/** Adds the locations of files to the catalog once their pull requests are merged. */
export class Registrations {
  readonly #auth: AuthService;
  readonly #catalog: CatalogService;
  readonly #database: DatabaseService;
  readonly #forges: ForgeService;
  readonly #logger: LoggerService;

  constructor(options: {
    readonly auth: AuthService;
    readonly catalog: CatalogService;
    readonly database: DatabaseService;
    readonly forges: ForgeService;
    readonly logger: LoggerService;
  }) {
    this.#auth = options.auth;
    this.#catalog = options.catalog;
    this.#database = options.database;
    this.#forges = options.forges;
    this.#logger = options.logger;
  }

  /** Looks at all that are still open. Those that were closed are forgotten. */
  async run(signal?: AbortSignal): Promise<void> {
    const knex = await this.#database.getClient();
    const rows: RegistrationRow[] = await knex('waystone_registrations');
    for (const row of rows) {
      if (signal?.aborted) {
        return;
      }
      try {
        if (await this.#isDone(row)) {
          const { forge, number, owner, repository } = row;
          await knex('waystone_registrations')
            .where({ forge, owner, repository, number })
            .delete();
        }
      } catch (error) {
        this.#logger.warn(
          `The pull request ${row.number} of ${row.owner}/${row.repository} could not be followed`,
          toError(error),
        );
      }
    }
  }

  async #isDone(row: RegistrationRow): Promise<boolean> {
    const forge = this.#forges.forges.find(
      ({ instance }) => instance === row.forge,
    );
    const repository = { owner: row.owner, name: row.repository };
    const pull = await forge?.findPullRequest(repository, row.number);
    if (!forge || pull?.state === 'closed') {
      return true;
    }
    if (pull?.state !== 'merged') {
      return pull === undefined;
    }
    const { url } = (await forge.findRepository(repository)) ?? {};
    if (!url) {
      return true;
    }
    const mark = forge.system === 'gitea' ? 'src/branch' : 'blob';
    try {
      await this.#catalog.addLocation(
        { type: 'url', target: `${url}/${mark}/${row.branch}/${row.path}` },
        { credentials: await this.#auth.getOwnServiceCredentials() },
      );
    } catch (error) {
      // A provider of the organisation, or a person, was faster
      if (toError(error).name !== 'ConflictError') {
        throw error;
      }
    }
    return true;
  }
}
