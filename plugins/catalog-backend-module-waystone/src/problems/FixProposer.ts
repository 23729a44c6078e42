import type {
  BackstageCredentials,
  DatabaseService,
  PermissionsService,
  UserInfoService,
} from '@backstage/backend-plugin-api';
import { ConflictError, InputError, NotFoundError } from '@backstage/errors';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { PermissionDeniedError } from '@waystone/access';
import type { ForgeService } from '@waystone/integrations';
import { applyEdits, toLineDiff } from '@waystone/plugin-catalog-checks-common';
import type { CatalogProblem } from '@waystone/plugin-catalog-checks-common';
import { catalogProblemFixPermission } from '@waystone/plugin-catalog-overview-common';
import type { Proposal } from '@waystone/plugin-catalog-overview-common';
import type { Knex } from 'knex';
import { basename } from 'node:path';
import { isOnForge, locateOnForge } from '../proposals/ForgeLocation';
import type { ForgeLocation } from '../proposals/ForgeLocation';
import { openProposal } from '../proposals/openProposal';
import { readProposer } from '../proposals/readProposer';
import type { Proposer } from '../proposals/readProposer';
import { branchOfFix, checkSource, fixIdOf } from './checkSource';
import { broughtBy } from './isOwnedBy';

/** Opens pull requests that put problems of catalog files right. */
export class FixProposer {
  readonly #baseUrl: string;
  readonly #catalog: CatalogService;
  readonly #database: DatabaseService;
  readonly #forges: ForgeService;
  readonly #permissions: PermissionsService;
  readonly #userInfo: UserInfoService;

  /** @param options - `baseUrl` is where people reach the portal */
  constructor(options: {
    readonly baseUrl: string;
    readonly catalog: CatalogService;
    readonly database: DatabaseService;
    readonly forges: ForgeService;
    readonly permissions: PermissionsService;
    readonly userInfo: UserInfoService;
  }) {
    this.#baseUrl = options.baseUrl;
    this.#catalog = options.catalog;
    this.#database = options.database;
    this.#forges = options.forges;
    this.#permissions = options.permissions;
    this.#userInfo = options.userInfo;
  }

  /**
   * Opens the pull request with a fix, or finds the open one.
   *
   * @param entityRef - full and in lower case
   * @param fixId - as the entity's problems name it; the file must not have changed since
   * @throws NotFoundError, PermissionDeniedError, InputError for a source that is on no forge, ConflictError if the file
   * is another one by now
   */
  async propose(
    entityRef: string,
    fixId: string,
    credentials: BackstageCredentials,
  ): Promise<Proposal> {
    if (!(await this.#catalog.getEntityByRef(entityRef, { credentials }))) {
      throw new NotFoundError(`There is no entity '${entityRef}'`);
    }
    const knex = await this.#database.getClient();
    await this.#authorize(knex, entityRef, credentials);
    const state: { key: string | null } | undefined = await knex(
      'refresh_state',
    )
      .where({ entity_ref: entityRef })
      .first({ key: 'location_key' });
    const location = await locateOnForge(this.#forges, state?.key);
    if (!isOnForge(location)) {
      throw new InputError(
        `No pull request for '${entityRef}': ${location.reason}`,
      );
    }
    const { branch, forge, path, repository } = location;
    const expectedBase = await forge.findBranch(repository, branch);
    const file = await forge.findFile(repository, path, { ref: expectedBase });
    const text = file?.content.toString('utf8') ?? '';
    const problems = await checkSource(knex, { text, file: basename(path) });
    const problem = problems.find(each => fixIdOf(text, each) === fixId);
    if (!problem?.fix) {
      throw new ConflictError(
        `'${path}' has changed since you looked at it. Look at the proposal again`,
      );
    }
    const proposer = await readProposer(credentials, {
      catalog: this.#catalog,
      userInfo: this.#userInfo,
    });
    return openProposal({
      forge,
      repository,
      base: branch,
      expectedBase,
      branch: branchOfFix(problem.id, fixId),
      title: `${problem.fix.description} (${path})`,
      reason: problem.message,
      body: this.#describe({ entityRef, location, problem, proposer, text }),
      changes: [{ path, content: applyEdits(text, problem.fix.patch) }],
      proposer,
    });
  }

  async #authorize(
    knex: Knex,
    entityRef: string,
    credentials: BackstageCredentials,
  ) {
    const refs = [entityRef, ...(await broughtBy(knex, entityRef))];
    const decisions = await this.#permissions.authorize(
      refs.map(resourceRef => ({
        permission: catalogProblemFixPermission,
        resourceRef,
      })),
      { credentials },
    );
    if (!decisions.some(({ result }) => result === AuthorizeResult.ALLOW)) {
      throw new PermissionDeniedError(catalogProblemFixPermission, {
        resource: entityRef,
        message: `Fixes of '${entityRef}' are proposed by its owners and by platform engineers`,
      });
    }
  }

  #describe(options: {
    readonly entityRef: string;
    readonly location: ForgeLocation;
    readonly problem: CatalogProblem;
    readonly proposer: Proposer;
    readonly text: string;
  }): string {
    const { entityRef, location, problem, proposer, text } = options;
    const { added, removed } = toLineDiff(text, problem.fix!.patch);
    const lines = [
      ...removed.map(line => `- ${line}`),
      ...added.map(line => `+ ${line}`),
    ];
    return [
      `\`${location.path}\`, line ${problem.line}, column ${problem.column}:`,
      `> ${problem.message.replace(/\s+/g, ' ')}`,
      'This changes the following lines and nothing else.',
      ['````diff', ...lines, '````'].join('\n'),
      `Proposed in the portal by ${proposer.name} (${
        proposer.entityRef
      }), for ${this.#pageOf(entityRef)}`,
    ].join('\n\n');
  }

  #pageOf(entityRef: string): string {
    const [kind, namespace, name] = entityRef
      .split(/[:/]/)
      .map(encodeURIComponent);
    return `${this.#baseUrl}/catalog/${namespace}/${kind}/${name}`;
  }
}
