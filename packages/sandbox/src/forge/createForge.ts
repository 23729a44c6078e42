import { join } from 'node:path';
import { Router } from 'express';
import type { SandboxContext } from '../core/SandboxContext';
import { PORTAL_ACCOUNT } from './authenticate';
import { PipelineSimulator } from './ci/PipelineSimulator';
import { followPulls } from './followPulls';
import type { Forge } from './Forge';
import { ForgeError } from './ForgeError';
import { ForgeService } from './ForgeService';
import { createGitHttpRouter } from './gitHttp/createGitHttpRouter';
import { deliverHooks, type SystemHook } from './hooks/deliverHooks';
import { createRestRouter, renderApiError } from './rest/createRestRouter';
import { ForgeState } from './state/ForgeState';
import { createWebRouter } from './web/createWebRouter';

/**
 * Settings of {@link createForge}.
 *
 * @public
 */
export interface ForgeOptions {
  /** Who has an account beside the portal's; only the name. */
  readonly people?: readonly {
    readonly name: string;
    readonly displayName: string;
    readonly email: string;
  }[];
  /**
   * Where it is mounted.
   *
   * @defaultValue `/gitea`
   */
  readonly path?: string;
  /** Told of pushes to every repository, as a system webhook of Gitea is. */
  readonly systemHook?: SystemHook;
}

const ORGANISATION = 'fernway';

/**
 * Creates a forge that speaks Gitea's REST API and Git's smart HTTP on real bare repositories.
 *
 * @remarks
 * State is kept below `<stateFolder>/forge`. Needs git 2.38 or newer on the path.
 *
 * @public
 */
export function createForge(
  context: SandboxContext,
  options: ForgeOptions = {},
): Forge {
  const { people = [], path = '/gitea', systemHook } = options;
  const state = new ForgeState(join(context.stateFolder, 'forge'), message =>
    context.log('gitea', message),
  );
  const service = new ForgeService(context, state, path);
  addAccounts(service, people);

  const pipelines = new PipelineSimulator(service);
  // Commits of the past have a past in the CI too, and start nothing.
  const quiet = new Set<string>();
  const followers = new Map<string, Promise<void>>();
  service.onPush(push => {
    const record = state.repository(push.owner, push.name)!;
    const key = `${push.owner}/${push.name}`;
    const seeded = quiet.has(push.after);
    const before = followers.get(key) ?? Promise.resolve();
    const work = before
      .then(() => followPulls(service, record, push))
      .then(() =>
        deliverHooks(service, record, push, seeded ? undefined : systemHook),
      )
      .catch(error => context.log('gitea', `after a push: ${error}`));
    followers.set(key, work);
    void work.then(() => {
      if (followers.get(key) === work) {
        followers.delete(key);
      }
    });
    if (!seeded) {
      pipelines.handlePush(record, push);
    }
  });

  const find = (owner: string, name: string) => {
    const record = state.repository(owner, name);
    if (!record) {
      throw ForgeError.notFound();
    }
    return record;
  };

  const handler = Router();
  handler.use('/api/v1', createRestRouter(service));
  handler.use(createGitHttpRouter(service));
  handler.use(createWebRouter(service));

  return {
    part: {
      name: 'gitea',
      path,
      title: 'Git forge',
      summary:
        'Stands in for Gitea: real Git repositories with branches, pull requests and a simulated CI.',
      handler,
      renderError: (_status, message) => ({
        contentType: 'application/json;charset=utf-8',
        body: JSON.stringify(renderApiError(service.url, message)),
      }),
      async start() {
        pipelines.start();
      },
      async stop() {
        await pipelines.stop();
        await Promise.all(followers.values());
        state.flush();
      },
    },
    async createRepository(settings) {
      service.ensureAccount({ login: settings.owner, kind: 'organisation' });
      await service.createRepository(settings);
    },
    async commitFiles({ owner, name, branch, files, ...commit }) {
      const record = find(owner, name);
      const [sha] = await service.commit(record, {
        branch,
        start: record.defaultBranch,
        pusher: findLogin(service, commit.author.email),
        commits: [{ ...commit, files }],
      });
      return sha;
    },
    async commitHistory({ owner, name, branch, commits }) {
      const record = find(owner, name);
      const target = branch ?? record.defaultBranch;
      const shas = await service.commit(record, {
        branch: target,
        start: record.defaultBranch,
        pusher: findLogin(service, commits[commits.length - 1].author.email),
        commits,
        beforeAnnounce: made => quiet.add(made[made.length - 1]),
      });
      quiet.delete(shas[shas.length - 1]);
      await pipelines.addHistory(record, target, shas, commits);
      return shas;
    },
    repositoryPath: (owner, name) => {
      const record = state.repository(owner, name);
      return record && state.repositoryFolder(record);
    },
    listRepositories: () =>
      state.repositories.map(record => ({
        owner: record.owner,
        name: record.name,
        defaultBranch: record.defaultBranch,
        private: record.private,
        cloneUrl: `${service.url}/${record.owner}/${record.name}.git`,
      })),
    onPush: listener => service.onPush(listener),
  };
}

function addAccounts(
  service: ForgeService,
  people: NonNullable<ForgeOptions['people']>,
) {
  service.ensureAccount({
    login: ORGANISATION,
    kind: 'organisation',
    fullName: 'Fernway',
    description: 'The example organisation',
  });
  service.ensureAccount({
    login: PORTAL_ACCOUNT,
    kind: 'user',
    fullName: 'Waystone',
  });
  for (const { name, displayName, email } of people) {
    service.ensureAccount({
      login: name,
      kind: 'user',
      fullName: displayName,
      email,
    });
  }
}

/** The login of whoever has this address, the portal's account for strangers. */
function findLogin(service: ForgeService, email: string): string {
  return (
    service.state.accounts.find(
      account =>
        account.kind === 'user' &&
        account.email.toLowerCase() === email.toLowerCase(),
    )?.login ?? PORTAL_ACCOUNT
  );
}
