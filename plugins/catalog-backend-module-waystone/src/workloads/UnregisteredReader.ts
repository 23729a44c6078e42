import type {
  BackstageCredentials,
  DatabaseService,
  LoggerService,
} from '@backstage/backend-plugin-api';
import { InputError, NotFoundError, toError } from '@backstage/errors';
import type {
  ForgeService,
  GitForge,
  RepositoryRef,
} from '@waystone/integrations';
import type {
  ProposalTarget,
  UnregisteredResponse,
  UnregisteredWorkload,
  WorkloadRepositoriesResponse,
} from '@waystone/plugin-catalog-overview-common';
import type { Knex } from 'knex';
import type { ProblemsReader } from '../problems/ProblemsReader';
import { createEntityFile } from './createEntityFile';
import { RepositoryChoice } from './RepositoryChoice';
import { RegisteredWorkloads } from './RegisteredWorkloads';
import { serviceNameOf } from './Workload';
import type { PlacedWorkload, WorkloadCaches } from './WorkloadCaches';

/** Where a repository has its entities. */
export const ENTITY_FILE = 'catalog-info.yaml';

/** More at once is no list that anybody works off. */
const MOST_WORKLOADS = 100;

const PATIENCE_MS = 5000;

/** The repository that a workload comes from. */
interface Home {
  readonly forge: GitForge;
  readonly repository: RepositoryRef;
  readonly branch: string;
  readonly description: string;
  readonly hasDocs: boolean;
  readonly hasEntityFile: boolean;
}

/** An unregistered workload, and where its file can go. */
export interface Candidate extends UnregisteredWorkload {
  readonly home?: Home;
  readonly service: string;
  /** The same with its file in a repository that was chosen. */
  readonly placedIn: (home: Home) => Promise<Candidate>;
}

/** The branch of the pull request that registers a service. */
export function branchOfService(service: string): string {
  return `waystone/register-${service}`;
}

/** What runs in the environments and no entity stands for. */
export class UnregisteredReader {
  readonly #caches: WorkloadCaches;
  readonly #choice: RepositoryChoice;
  readonly #database: DatabaseService;
  readonly #forges: ForgeService;
  readonly #logger: LoggerService;
  readonly #problems: ProblemsReader;

  constructor(options: {
    readonly caches: WorkloadCaches;
    readonly database: DatabaseService;
    readonly forges: ForgeService;
    readonly logger: LoggerService;
    readonly problems: ProblemsReader;
  }) {
    this.#caches = options.caches;
    this.#choice = new RepositoryChoice(options);
    this.#database = options.database;
    this.#forges = options.forges;
    this.#logger = options.logger;
    this.#problems = options.problems;
  }

  /** Of all systems for who sees all problems, otherwise of the systems that the caller owns. */
  async list(credentials: BackstageCredentials): Promise<UnregisteredResponse> {
    const { candidates, ...rest } = await this.candidates(credentials);
    return {
      ...rest,
      items: candidates.map(toItem),
    };
  }

  /** Repositories for a workload of which nobody knows where it comes from. */
  async repositories(
    id: string,
    text: string,
    credentials: BackstageCredentials,
  ): Promise<WorkloadRepositoriesResponse> {
    await this.#open(id, credentials);
    const found = await this.#choice.search(text);
    return {
      items: found.map(({ description, name, owner, url }) => ({
        url,
        name: `${owner}/${name}`,
        description,
      })),
    };
  }

  /**
   * A workload of which nobody knows where it comes from, with its file in a repository.
   *
   * @throws NotFoundError if the caller sees no such workload, InputError if the repository is none to choose
   */
  async placedIn(
    id: string,
    url: string,
    credentials: BackstageCredentials,
  ): Promise<Candidate> {
    const candidate = await this.#open(id, credentials);
    const found = await this.#choice.find(url);
    const home = found && (await this.#readHome(found));
    if (!home) {
      throw new InputError(
        `'${url}' is no repository that the portal may write to`,
      );
    }
    return candidate.placedIn(home);
  }

  async #open(
    id: string,
    credentials: BackstageCredentials,
  ): Promise<Candidate> {
    const { candidates } = await this.candidates(credentials);
    const candidate = candidates.find(each => each.id === id);
    if (!candidate) {
      throw new NotFoundError(`There is no unregistered workload '${id}'`);
    }
    if (!candidate.isRepositoryOpen) {
      throw new InputError(`The repository of '${id}' is known`);
    }
    return candidate;
  }

  /** The same, with what a proposal needs. */
  async candidates(credentials: BackstageCredentials): Promise<{
    readonly candidates: readonly Candidate[];
    readonly truncated: boolean;
    readonly unknown: string[];
  }> {
    const knex = await this.#database.getClient();
    const scope = await this.#problems.scopeOf(credentials);
    const { unknown, workloads } = await this.#caches.read();
    const registered = await RegisteredWorkloads.read(
      knex,
      workloads.flatMap(workload => [workload.name, serviceNameOf(workload)]),
    );
    const left = workloads.filter(workload => !registered.has(workload));
    const owners = await readSystemOwners(knex, left);
    const visible = left
      .filter(
        ({ system = '' }) =>
          scope.everybody ||
          owners.get(system)?.some(owner => scope.owners.includes(owner)),
      )
      .sort((a, b) => idOf(a).localeCompare(idOf(b)));
    const shown = visible.slice(0, MOST_WORKLOADS);
    const homes = new Map<string, Promise<Home | undefined>>();
    const candidates = await Promise.all(
      shown.map(async workload => {
        const service = serviceNameOf(workload);
        const key = `${service} ${workload.application}`;
        const home = homes.get(key) ?? this.#findHome(workload);
        homes.set(key, home);
        const owner = owners.get(workload.system ?? '')?.[0];
        return this.#toCandidate({
          workload,
          service,
          owner,
          home: await home,
          inProduction: visible.some(
            other => other.isProtected && serviceNameOf(other) === service,
          ),
        });
      }),
    );
    return {
      candidates,
      truncated: visible.length > shown.length,
      unknown: [...unknown],
    };
  }

  async #toCandidate(options: {
    readonly workload: PlacedWorkload;
    readonly service: string;
    readonly owner: string | undefined;
    readonly home: Home | undefined;
    readonly inProduction: boolean;
  }): Promise<Candidate> {
    const { home, inProduction, owner, service, workload } = options;
    const { cluster, environment, image, kind, name, namespace } = workload;
    const open = home && (await this.#findOpen(home, service));
    return {
      placedIn: chosen => this.#toCandidate({ ...options, home: chosen }),
      isRepositoryOpen: home ? undefined : owner !== undefined,
      id: idOf(workload),
      kind,
      name,
      cluster,
      namespace,
      environment,
      system: workload.system,
      since: workload.since,
      image,
      file: createEntityFile({
        name: service,
        workload,
        description: home?.description,
        owner: owner ?? 'unknown',
        system: owner && workload.system,
        isInProduction: inProduction,
        hasDocs: home?.hasDocs ?? false,
      }),
      proposal: targetOf(home, owner),
      ...(open && { pullRequest: open }),
      home,
      service,
    };
  }

  /** Undefined if nobody knows the repository. */
  async #findHome(workload: PlacedWorkload): Promise<Home | undefined> {
    const url = await this.#caches.repositoryOf(workload);
    for (const forge of url ? this.#forges.forges : []) {
      const repository = forge.parseUrl(url!);
      const home = repository && (await this.#readHome({ forge, repository }));
      if (home) {
        return home;
      }
    }
    return undefined;
  }

  /** Undefined if there is no such repository, or none that can be read. */
  async #readHome(options: {
    readonly forge: GitForge;
    readonly repository: RepositoryRef;
  }): Promise<Home | undefined> {
    const { forge, repository } = options;
    const signal = AbortSignal.timeout(PATIENCE_MS);
    try {
      const found = await forge.findRepository(repository, { signal });
      const has = async (path: string) =>
        (await forge.findFile(repository, path, { signal })) !== undefined;
      return (
        found && {
          forge,
          repository,
          branch: found.defaultBranch,
          description: found.description,
          hasDocs: await has('mkdocs.yml'),
          hasEntityFile: await has(ENTITY_FILE),
        }
      );
    } catch (error) {
      this.#logger.debug(
        `The repository ${repository.owner}/${repository.name} could not be read`,
        toError(error),
      );
      return undefined;
    }
  }

  async #findOpen({ branch, forge, repository }: Home, service: string) {
    try {
      const [open] = await forge.listPullRequests(repository, {
        state: 'open',
        head: branchOfService(service),
        base: branch,
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      return open && { number: open.number, title: open.title, url: open.url };
    } catch {
      // The list is worth more than the link; opening it again finds the same
      return undefined;
    }
  }
}

/** What is told of a candidate. */
export function toItem({
  home: _home,
  placedIn: _placedIn,
  service: _service,
  ...item
}: Candidate): UnregisteredWorkload {
  return item;
}

function targetOf(
  home: Home | undefined,
  owner: string | undefined,
): ProposalTarget {
  if (!home) {
    return {
      possible: false,
      reason:
        'Argo CD names no repository for it on a Git server that the portal may write to.',
    };
  }
  if (home.hasEntityFile) {
    return {
      possible: false,
      reason: `Its repository has a ${ENTITY_FILE} already. Register that, or add the lines to it.`,
    };
  }
  if (!owner) {
    return {
      possible: false,
      reason: 'Its system is not in the catalog, so nobody owns it.',
    };
  }
  const { branch, repository } = home;
  return {
    possible: true,
    repository: `${repository.owner}/${repository.name}`,
    path: ENTITY_FILE,
    branch,
  };
}

function idOf({ cluster, kind, name, namespace }: PlacedWorkload): string {
  return [cluster, namespace, kind, name].join('/');
}

/** The owners of the systems that the namespaces name. */
async function readSystemOwners(
  knex: Knex,
  workloads: readonly PlacedWorkload[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const systems = [...new Set(workloads.map(({ system }) => system ?? ''))];
  const rows: { system: string; owner: string }[] = await knex('relations')
    .where({ type: 'ownedBy' })
    .whereRaw('source_entity_ref = any(?)', [
      systems.map(system => `system:default/${system}`),
    ])
    .orderBy('target_entity_ref')
    .select({ system: 'source_entity_ref', owner: 'target_entity_ref' });
  const owners = new Map<string, string[]>();
  for (const { owner, system } of rows) {
    const name = system.slice(system.indexOf('/') + 1);
    owners.set(name, [...(owners.get(name) ?? []), owner]);
  }
  return owners;
}
