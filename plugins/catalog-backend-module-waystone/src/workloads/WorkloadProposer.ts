import type {
  BackstageCredentials,
  DatabaseService,
  PermissionsService,
  UserInfoService,
} from '@backstage/backend-plugin-api';
import { InputError, NotFoundError } from '@backstage/errors';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { PermissionDeniedError } from '@waystone/access';
import { catalogProblemFixPermission } from '@waystone/plugin-catalog-overview-common';
import type {
  Proposal,
  ProposeWorkload,
} from '@waystone/plugin-catalog-overview-common';
import { openProposal } from '../proposals/openProposal';
import { readProposer } from '../proposals/readProposer';
import { branchOfService, ENTITY_FILE } from './UnregisteredReader';
import type { Candidate, UnregisteredReader } from './UnregisteredReader';

/** Opens pull requests that register what runs. */
export class WorkloadProposer {
  readonly #catalog: CatalogService;
  readonly #database: DatabaseService;
  readonly #permissions: PermissionsService;
  readonly #unregistered: UnregisteredReader;
  readonly #userInfo: UserInfoService;

  constructor(options: {
    readonly catalog: CatalogService;
    readonly database: DatabaseService;
    readonly permissions: PermissionsService;
    readonly unregistered: UnregisteredReader;
    readonly userInfo: UserInfoService;
  }) {
    this.#catalog = options.catalog;
    this.#database = options.database;
    this.#permissions = options.permissions;
    this.#unregistered = options.unregistered;
    this.#userInfo = options.userInfo;
  }

  /**
   * Opens the pull request, or finds the open one. Once it is merged, the catalog reads the file.
   *
   * @throws NotFoundError if the caller sees no such workload, PermissionDeniedError, InputError if nobody knows where its
   * file should go
   */
  async propose(
    { id, repository: chosen }: ProposeWorkload,
    credentials: BackstageCredentials,
  ): Promise<Proposal> {
    const seen = await this.#find(id, credentials);
    await this.#authorize(seen.system ?? '', credentials);
    const candidate = chosen
      ? await this.#unregistered.placedIn(id, chosen, credentials)
      : seen;
    const { file, home, kind, name, namespace, proposal, service } = candidate;
    if (!home || !proposal.possible) {
      throw new InputError(
        `No pull request for '${id}': ${
          proposal.possible ? 'nobody knows its repository' : proposal.reason
        }`,
      );
    }
    const proposer = await readProposer(credentials, {
      catalog: this.#catalog,
      userInfo: this.#userInfo,
    });
    const { branch, forge, repository } = home;
    const found = `${kind} ${name} in ${namespace}`;
    const opened = await openProposal({
      forge,
      repository,
      base: branch,
      branch: branchOfService(service),
      title: `Register ${service} in the catalog`,
      reason: `${found} runs, and no entity of the catalog stands for it.`,
      body: [
        `${found} runs, and no entity of the catalog stands for it: nobody finds its owner, its documentation or its API.`,
        `This adds \`${ENTITY_FILE}\`. Check owner, lifecycle and description before you merge; the portal reads the file after that.`,
        `Proposed in the portal by ${proposer.name} (${proposer.entityRef})`,
      ].join('\n\n'),
      changes: [{ path: ENTITY_FILE, content: file }],
      proposer,
    });
    const knex = await this.#database.getClient();
    await knex('waystone_registrations')
      .insert({
        forge: forge.instance,
        owner: repository.owner,
        repository: repository.name,
        number: opened.number,
        branch,
        path: ENTITY_FILE,
        created_at: new Date(),
      })
      .onConflict(['forge', 'owner', 'repository', 'number'])
      .ignore();
    return opened;
  }

  /** @throws PermissionDeniedError if the caller may not register what runs in a system. */
  async authorize(
    id: string,
    credentials: BackstageCredentials,
  ): Promise<void> {
    const { system } = await this.#find(id, credentials);
    await this.#authorize(system ?? '', credentials);
  }

  async #find(
    id: string,
    credentials: BackstageCredentials,
  ): Promise<Candidate> {
    const { candidates } = await this.#unregistered.candidates(credentials);
    const found = candidates.find(each => each.id === id);
    if (!found) {
      throw new NotFoundError(`There is no unregistered workload '${id}'`);
    }
    return found;
  }

  async #authorize(system: string, credentials: BackstageCredentials) {
    const [{ result }] = await this.#permissions.authorize(
      [
        {
          permission: catalogProblemFixPermission,
          resourceRef: `system:default/${system}`,
        },
      ],
      { credentials },
    );
    if (result !== AuthorizeResult.ALLOW) {
      throw new PermissionDeniedError(catalogProblemFixPermission, {
        resource: `system:default/${system}`,
        message: `What runs in '${system}' is registered by its owners and by platform engineers`,
      });
    }
  }
}
