import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { SandboxContext } from '../core/SandboxContext';
import type { Forge } from '../forge';
import type { Person } from '../identity/people';
import { createHistory } from './createHistory';
import type { SeedCommit } from './createHistory';
import type { SeedService } from './readServices';
import { sourceFiles } from './sourceFiles';

const run = promisify(execFile);

/** The organisation on the forge that owns all repositories. */
export const ORGANISATION = 'fernway';

/** A commit of the past, with its id. */
export interface WrittenCommit extends SeedCommit {
  readonly sha: string;
}

/**
 * Makes the repository of each component, with its past. Those that are there stay as they are.
 *
 * @returns The commits that were made, by service.
 */
export async function seedForge(options: {
  readonly context: SandboxContext;
  readonly forge: Forge;
  readonly services: readonly SeedService[];
  readonly people: readonly Person[];
}): Promise<ReadonlyMap<string, readonly WrittenCommit[]>> {
  const { context, forge, services, people } = options;
  const now = new Date();
  const written = new Map<string, readonly WrittenCommit[]>();
  await Promise.all(
    services
      .filter(({ name }) => forge.repositoryPath(ORGANISATION, name))
      .map(service => addMissingFiles(forge, service, people)),
  );
  await Promise.all(
    services
      .filter(({ name }) => !forge.repositoryPath(ORGANISATION, name))
      .map(async service => {
        await forge.createRepository({
          owner: ORGANISATION,
          name: service.name,
          description: service.title,
          topics: [service.system, service.owner],
        });
        const commits = createHistory({
          service,
          address: repositoryUrl(forge, service.name).replace(/\.git$/, ''),
          authors: authorsOf(service, people),
          random: context.random(`history of ${service.name}`),
          now,
        });
        const shas = await forge.commitHistory({
          owner: ORGANISATION,
          name: service.name,
          commits,
        });
        written.set(
          service.name,
          commits.map((commit, index) => ({ ...commit, sha: shas[index] })),
        );
      }),
  );
  return written;
}

/** Repositories of earlier versions have a catalog file without what it names. */
async function addMissingFiles(
  forge: Forge,
  service: SeedService,
  people: readonly Person[],
) {
  const folder = forge.repositoryPath(ORGANISATION, service.name)!;
  const { stdout } = await run(
    'git',
    ['ls-tree', '-r', '--name-only', 'refs/heads/main'],
    { cwd: folder },
  );
  const there = new Set(stdout.split('\n'));
  if (there.has('mkdocs.yml')) {
    return;
  }
  const address = repositoryUrl(forge, service.name).replace(/\.git$/, '');
  await forge.commitFiles({
    owner: ORGANISATION,
    name: service.name,
    branch: 'main',
    message: 'Move documentation and definitions here',
    author: authorsOf(service, people)[0],
    files: Object.fromEntries(
      Object.entries(sourceFiles(service, address)).filter(
        ([path]) => !there.has(path),
      ),
    ),
  });
}

/** Who works on a service: its team, or everybody if the team has nobody. */
function authorsOf(service: SeedService, people: readonly Person[]) {
  const team = people.filter(person =>
    person.teams.some(({ ref }) => ref === `group:default/${service.owner}`),
  );
  return (team.length > 0 ? team : people).map(({ displayName, email }) => ({
    name: displayName,
    email,
  }));
}

/** Where the forge has the repository of a service. */
export function repositoryUrl(forge: Forge, service: string): string {
  const repository = forge
    .listRepositories()
    .find(({ owner, name }) => owner === ORGANISATION && name === service);
  if (!repository) {
    throw new Error(`The forge has no repository '${ORGANISATION}/${service}'`);
  }
  return repository.cloneUrl;
}
