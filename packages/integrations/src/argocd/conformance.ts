import { setTimeout as sleep } from 'node:timers/promises';
import { request } from 'undici';
import { UpstreamError } from '../core/UpstreamError';
import type { ArgoCdApplicationRef, ArgoCdClient } from './Client';
import { createArgoCdClient } from './createArgoCdClient';
import { DefaultApplicationCache } from './DefaultApplicationCache';
import { argoCdFailureOf } from './errors';
import { GitWorkTree } from './testUtils';
import type { ArgoCdApplication } from './types';

/** An Argo CD that the suite may change. @public */
export interface ArgoCdUnderTest {
  readonly url: string;
  /** With every right. */
  readonly token: string;
  /** A repository of this suite alone, as Argo CD is told of it. */
  readonly repositoryUrl: string;
  /** The same repository, as the suite pushes to it. */
  readonly pushUrl: string;
  close?(): Promise<void>;
}

const configMap = (name: string, data: object, annotations: object = {}) =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, annotations },
    data,
  });

/** Asks until the answer is good; in the end it says what the last one was. */
async function waitFor<T>(
  ask: () => T | Promise<T>,
  good: (value: T) => unknown,
): Promise<T> {
  const end = Date.now() + 50_000;
  for (;;) {
    const value = await ask();
    if (good(value)) {
      return value;
    }
    if (Date.now() > end) {
      throw new Error(`Not reached: ${JSON.stringify(value)}`);
    }
    await sleep(50);
  }
}

/**
 * What {@link ArgoCdClient} needs of an Argo CD. Runs on the sandbox and on real servers, on the cluster `in-cluster`.
 *
 * @remarks
 * Everything it makes has a name of its own and is removed at the end.
 *
 * @public
 */
export function testArgoCdClient(options: {
  create(): Promise<ArgoCdUnderTest>;
}): void {
  describe('the client of Argo CD', () => {
    const id = `waystone-${Math.random().toString(36).slice(2, 8)}`;
    const plain: ArgoCdApplicationRef = {
      name: `${id}-plain`,
      project: 'default',
    };
    const kustomized: ArgoCdApplicationRef = {
      name: `${id}-kustomized`,
      project: 'default',
    };
    const automatic: ArgoCdApplicationRef = {
      name: `${id}-automatic`,
      project: 'default',
    };
    const windowed: ArgoCdApplicationRef = {
      name: `${id}-windowed`,
      project: id,
    };
    let argoCd: ArgoCdUnderTest;
    let client: ArgoCdClient;
    let git: GitWorkTree;
    let cache: DefaultApplicationCache;

    const api = async (
      method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
      path: string,
      body?: object,
    ): Promise<any> => {
      const answer = await request(`${argoCd.url}/api/v1${path}`, {
        method,
        headers: {
          authorization: `Bearer ${argoCd.token}`,
          'content-type': 'application/json',
        },
        body: body && JSON.stringify(body),
      });
      const text = await answer.body.text();
      if (answer.statusCode >= 400) {
        throw new Error(`${method} ${path}: ${answer.statusCode} ${text}`);
      }
      return JSON.parse(text || '{}');
    };

    const create = (
      application: ArgoCdApplicationRef,
      path: string,
      spec: object = {},
    ) =>
      api('POST', '/applications', {
        metadata: { name: application.name, labels: { suite: id } },
        spec: {
          project: application.project,
          source: {
            repoURL: argoCd.repositoryUrl,
            path,
            targetRevision: 'main',
          },
          destination: {
            server: 'https://kubernetes.default.svc',
            namespace: id,
          },
          syncPolicy: { syncOptions: ['CreateNamespace=true'] },
          ...spec,
        },
      });

    const until = async (
      application: ArgoCdApplicationRef,
      good: (value: ArgoCdApplication) => unknown,
    ) => await waitFor(() => client.getApplication(application), good);
    const finished = (application: ArgoCdApplicationRef) =>
      until(
        application,
        ({ operation, status }) =>
          !operation && status?.operationState?.finishedAt,
      );
    const failureOf = async (call: Promise<unknown>) => {
      const error = await call.then(
        () => undefined,
        reason => reason,
      );
      expect(error).toBeInstanceOf(UpstreamError);
      return {
        code: error.code,
        status: error.status,
        failure: argoCdFailureOf(error)?.type,
      };
    };

    beforeAll(async () => {
      argoCd = await options.create();
      client = createArgoCdClient({
        instance: 'test',
        baseUrl: argoCd.url,
        token: argoCd.token,
      });
      git = new GitWorkTree(argoCd.pushUrl);
      git.commit(
        {
          'plain/one.yaml': configMap('plain-one', { version: '1' }),
          'plain/two.yaml': configMap('plain-two', {}),
          'kustomized/kustomization.yaml':
            'resources: [map.yaml]\nnamePrefix: from-\n',
          'kustomized/map.yaml': configMap('git', { a: 'b' }),
          'automatic/map.yaml': configMap('automatic', { version: '1' }),
          'windowed/map.yaml': configMap('windowed', {}),
        },
        'the first commit',
      );
      cache = new DefaultApplicationCache({
        client,
        filter: { selector: `suite=${id}` },
        timings: { quietMs: 50 },
      }).start();
    }, 120_000);

    afterAll(async () => {
      await cache?.stop();
      for (const { name, project } of [
        plain,
        kustomized,
        automatic,
        windowed,
      ]) {
        await api(
          'DELETE',
          `/applications/${name}?project=${project}&cascade=false`,
        ).catch(() => {});
      }
      await api('DELETE', `/projects/${id}`).catch(() => {});
      await client?.close();
      git?.remove();
      await argoCd?.close?.();
    }, 60_000);

    it('says its version and whether the token is good', async () => {
      expect(await client.version()).toMatch(/^v\d+\.\d+/);
      await expect(client.upstream.probe()).resolves.toMatchObject({
        authenticated: true,
      });
      const stranger = createArgoCdClient({
        instance: 'stranger',
        baseUrl: argoCd.url,
        token: 'wrong',
      });
      await expect(stranger.upstream.probe()).resolves.toMatchObject({
        authenticated: false,
      });
      expect(await failureOf(stranger.listApplications())).toMatchObject({
        code: 'unauthenticated',
        status: 401,
      });
      await stranger.close();
    });

    it('tells what is missing from what may be denied', async () => {
      const missing = { name: `${id}-none`, project: 'default' };
      await expect(client.findApplication(missing)).resolves.toBeUndefined();
      expect(await failureOf(client.getApplication(missing))).toEqual({
        code: 'not-found',
        status: 404,
        failure: 'missing',
      });
      expect(await failureOf(client.sync(missing))).toEqual({
        code: 'not-found',
        status: 404,
        failure: 'missing',
      });
      await expect(api('GET', `/applications/${id}-none`)).rejects.toThrow(
        '403',
      );
    });

    it('reads an Application that was never synced', async () => {
      await create(plain, 'plain');
      const application = await until(
        plain,
        ({ status }) => status?.sync?.status === 'OutOfSync',
      );
      expect(application.metadata.labels).toMatchObject({ suite: id });
      expect(application.status?.health?.status).toBe('Missing');
      expect(application.status?.history).toEqual([]);
      expect(
        application.status?.resources.map(({ kind, name, status, health }) => [
          kind,
          name,
          status,
          health?.status,
        ]),
      ).toEqual([
        ['ConfigMap', 'plain-one', 'OutOfSync', 'Missing'],
        ['ConfigMap', 'plain-two', 'OutOfSync', 'Missing'],
      ]);
      const managed = await client.managedResources(plain);
      expect(managed).toHaveLength(2);
      expect(managed[0].liveState).toBeUndefined();
      expect(managed[0].targetState).toMatchObject({
        kind: 'ConfigMap',
        data: { version: '1' },
      });
      expect(await failureOf(client.terminate(plain))).toEqual({
        code: 'conflict',
        status: 400,
        failure: 'no-operation-in-progress',
      });
      expect(await failureOf(client.rollback(plain, 99))).toEqual({
        code: 'not-found',
        status: 400,
        failure: 'no-such-deployment',
      });
    }, 60_000);

    it('follows a sync to its end', async () => {
      const answer = await client.sync(plain);
      expect(answer.operation?.sync?.revision).toMatch(/^[0-9a-f]{40}$/);
      const { status } = await finished(plain);
      expect(status?.operationState).toMatchObject({
        phase: 'Succeeded',
        message: 'successfully synced (all tasks run)',
        operation: { initiatedBy: { username: 'admin' } },
      });
      expect(
        status?.operationState?.syncResult?.resources.map(
          ({ kind, name, status: result, message, syncPhase }) => [
            kind,
            name,
            result,
            message,
            syncPhase,
          ],
        ),
      ).toEqual(
        expect.arrayContaining([
          [
            'ConfigMap',
            'plain-one',
            'Synced',
            'configmap/plain-one created',
            'Sync',
          ],
          [
            'ConfigMap',
            'plain-two',
            'Synced',
            'configmap/plain-two created',
            'Sync',
          ],
        ]),
      );
      await until(
        plain,
        application =>
          application.status?.sync?.status === 'Synced' &&
          application.status.health?.status === 'Healthy',
      );
      const tree = await client.resourceTree(plain);
      expect(
        tree.nodes
          .map(({ kind, namespace, name }) => [kind, namespace, name])
          .sort(),
      ).toEqual([
        ['ConfigMap', id, 'plain-one'],
        ['ConfigMap', id, 'plain-two'],
      ]);
      expect(tree.nodes[0].uid).toBeDefined();
      expect(tree.nodes[0].createdAt).toBeDefined();
    }, 60_000);

    it('shows drift, prunes, and keeps a history to go back to', async () => {
      const [first] = await client.history(plain);
      expect(first.id).toBe(0);
      const second = git.commit(
        {
          'plain/one.yaml': configMap('plain-one', { version: '2' }),
          'plain/two.yaml': null,
        },
        'the second commit\n\nwith more to say',
      );
      const drifted = await client.getApplication(plain, { refresh: 'normal' });
      expect(drifted.status?.sync).toMatchObject({
        status: 'OutOfSync',
        revision: second,
      });
      expect(
        drifted.status?.resources.find(({ name }) => name === 'plain-two'),
      ).toMatchObject({ status: 'OutOfSync', requiresPruning: true });
      const managed = await client.managedResources(plain);
      const one = managed.find(({ name }) => name === 'plain-one');
      expect(one).toMatchObject({
        normalizedLiveState: { data: { version: '1' } },
        predictedLiveState: { data: { version: '2' } },
        targetState: { data: { version: '2' } },
      });
      expect(
        managed.find(({ name }) => name === 'plain-two')?.targetState,
      ).toBeUndefined();

      await client.sync(plain);
      const kept = await finished(plain);
      expect(kept.status?.operationState?.syncResult?.resources).toContainEqual(
        expect.objectContaining({
          name: 'plain-two',
          status: 'PruneSkipped',
          message: 'ignored (requires pruning)',
        }),
      );
      await client.sync(plain, { prune: true, dryRun: true });
      const tried = await finished(plain);
      expect(
        tried.status?.operationState?.syncResult?.resources,
      ).toContainEqual(
        expect.objectContaining({
          name: 'plain-two',
          status: 'Pruned',
          message: 'pruned (dry run)',
        }),
      );
      await client.sync(plain, { prune: true });
      const pruned = await finished(plain);
      expect(
        pruned.status?.operationState?.syncResult?.resources,
      ).toContainEqual(
        expect.objectContaining({
          name: 'plain-two',
          status: 'Pruned',
          message: 'pruned',
        }),
      );
      const history = await client.history(plain);
      expect(history.map(entry => entry.id)).toEqual([0, 1, 2]);
      expect(history.at(-1)).toMatchObject({
        revision: second,
        source: { path: 'plain' },
        initiatedBy: { username: 'admin' },
      });

      await expect(
        client.revisionMetadata(plain, second),
      ).resolves.toMatchObject({
        author: 'Maya Okafor <maya@example.com>',
        message: expect.stringMatching(
          /^the second commit\n\nwith more to say/,
        ),
        date: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      });

      await client.rollback(plain, first.id);
      const back = await finished(plain);
      expect(back.status?.operationState).toMatchObject({
        phase: 'Succeeded',
        syncResult: { revision: first.revision },
      });
      await until(plain, ({ status }) => status?.sync?.status === 'OutOfSync');
      expect((await client.history(plain)).at(-1)).toMatchObject({
        id: 3,
        revision: first.revision,
      });
    }, 120_000);

    it('renders kustomize, and any revision', async () => {
      await create(kustomized, 'kustomized');
      await until(
        kustomized,
        ({ status }) => status?.sync?.status === 'OutOfSync',
      );
      const manifests = await client.manifests(kustomized, {
        revision: 'main',
      });
      expect(manifests).toHaveLength(1);
      expect(manifests[0]).toMatchObject({
        kind: 'ConfigMap',
        metadata: { name: 'from-git' },
        data: { a: 'b' },
      });
      await expect(
        client.manifests(kustomized, { revision: 'no-such-branch' }),
      ).rejects.toThrow(/unable to resolve .*no-such-branch.* to a commit SHA/);
      expect(
        await failureOf(
          client.sync(kustomized, { revision: 'no-such-branch' }),
        ),
      ).toMatchObject({ status: 400 });
    }, 60_000);

    it('reports what cannot be rendered', async () => {
      await api('PATCH', `/applications/${kustomized.name}`, {
        name: kustomized.name,
        project: kustomized.project,
        patchType: 'merge',
        patch: JSON.stringify({ spec: { source: { path: 'nowhere' } } }),
      }).catch(() => {
        // A real Argo CD looks before it takes a spec.
      });
      git.commit({
        'kustomized/kustomization.yaml': 'resources: [none.yaml]\n',
      });
      const broken = await client.getApplication(kustomized, {
        refresh: 'hard',
      });
      const condition = broken.status?.conditions.find(
        ({ type }) => type === 'ComparisonError',
      );
      expect(condition?.message).toMatch(
        /^Failed to load target state: failed to generate manifest for source 1 of 1: rpc error: code = Unknown desc = /,
      );
      expect(broken.status?.sync?.status).toBe('Unknown');
    }, 60_000);

    it('refuses what Argo CD does by itself', async () => {
      await create(automatic, 'automatic', {
        syncPolicy: {
          automated: { prune: true, selfHeal: true },
          syncOptions: ['CreateNamespace=true'],
        },
      });
      const { status } = await until(
        automatic,
        application =>
          application.status?.sync?.status === 'Synced' &&
          !application.operation,
      );
      expect(status?.operationState?.operation?.initiatedBy?.automated).toBe(
        true,
      );
      expect(await failureOf(client.rollback(automatic, 0))).toEqual({
        code: 'conflict',
        status: 400,
        failure: 'auto-sync-is-on',
      });
      expect(
        await failureOf(client.sync(automatic, { revision: 'other' })),
      ).toEqual({ code: 'conflict', status: 400, failure: 'auto-sync-is-on' });
    }, 60_000);

    it('heals what was changed by hand', async () => {
      const [node] = (await client.resourceTree(automatic)).nodes.filter(
        ({ kind }) => kind === 'ConfigMap',
      );
      const query = new URLSearchParams({
        namespace: node.namespace!,
        resourceName: node.name,
        version: 'v1',
        kind: node.kind,
        group: '',
        patchType: 'application/merge-patch+json',
        project: 'default',
      });
      const changed = await request(
        `${argoCd.url}/api/v1/applications/${automatic.name}/resource?${query}`,
        {
          method: 'POST',
          headers: {
            authorization: `Bearer ${argoCd.token}`,
            'content-type': 'application/json',
          },
          body: JSON.stringify(
            JSON.stringify({ data: { version: 'changed by hand' } }),
          ),
        },
      );
      expect([changed.statusCode, await changed.body.text()]).toEqual([
        200,
        expect.stringContaining('changed by hand'),
      ]);
      await waitFor(
        async () =>
          (
            await client.managedResources(automatic)
          )[0]?.liveState as { data?: object },
        live => JSON.stringify(live?.data) === '{"version":"1"}',
      );
    }, 90_000);

    it('stops at a sync window', async () => {
      const project = (spec: object) => ({
        project: {
          metadata: { name: id },
          spec: {
            sourceRepos: ['*'],
            destinations: [{ server: '*', namespace: '*' }],
            clusterResourceWhitelist: [{ group: '*', kind: '*' }],
            ...spec,
          },
        },
        upsert: true,
      });
      await api(
        'POST',
        '/projects',
        project({
          syncWindows: [
            {
              kind: 'deny',
              schedule: '* * * * *',
              duration: '1h',
              applications: ['*'],
            },
          ],
        }),
      );
      await create(windowed, 'windowed');
      await until(
        windowed,
        ({ status }) => status?.sync?.status === 'OutOfSync',
      );
      expect(await failureOf(client.sync(windowed))).toEqual({
        code: 'denied',
        status: 403,
        failure: 'blocked-by-sync-window',
      });
      await expect(client.syncWindows(windowed)).resolves.toMatchObject({
        canSync: false,
        activeWindows: [
          { kind: 'deny', schedule: '* * * * *', duration: '1h' },
        ],
        assignedWindows: [{ kind: 'deny' }],
      });
      await expect(client.syncWindows(plain)).resolves.toEqual({
        canSync: true,
        activeWindows: [],
        assignedWindows: [],
      });
    }, 60_000);

    it('lists what fits, and no more of it than was asked for', async () => {
      const fields = ['items.metadata.name', 'items.status.sync.status'];
      const all = await client.listApplications({
        selector: `suite=${id}`,
        fields,
      });
      expect(all.map(({ metadata }) => metadata.name).sort()).toEqual(
        [automatic.name, kustomized.name, plain.name, windowed.name].sort(),
      );
      expect(all[0].metadata.uid).toBeUndefined();
      expect(all[0].metadata.labels).toEqual({});
      expect(all[0].spec).toBeUndefined();
      expect(all[0].status?.sync?.status).toBeDefined();
      const some = await client.listApplications({ projects: [id] });
      expect(some.map(({ metadata }) => metadata.name)).toEqual([
        windowed.name,
      ]);
      await expect(
        client.listApplications({ selector: 'suite=none' }),
      ).resolves.toEqual([]);
    });

    it('holds all Applications and hears of every change', async () => {
      await cache.whenSynced();
      expect([...cache].map(({ metadata }) => metadata.name).sort()).toEqual(
        [automatic.name, kustomized.name, plain.name, windowed.name].sort(),
      );
      expect(cache.freshness).toMatchObject({
        source: 'argocd/test',
        stale: false,
      });
      const held = cache.get(plain.name);
      expect(held?.status).toMatchObject({
        sync: { status: 'OutOfSync' },
        resourceCount: expect.any(Number),
      });
      expect(held?.status?.outOfSync).toContainEqual(
        expect.objectContaining({ kind: 'ConfigMap', name: 'plain-one' }),
      );
      expect(held?.status?.history.length).toBeGreaterThan(3);

      const changes: string[] = [];
      cache.subscribe(({ type, application }) =>
        changes.push(`${type} ${application.metadata.name}`),
      );
      await api(
        'DELETE',
        `/applications/${kustomized.name}?project=default&cascade=false`,
      );
      await waitFor(
        () => changes,
        list => list.includes(`deleted ${kustomized.name}`),
      );
      expect(cache.get(kustomized.name)).toBeUndefined();
    }, 60_000);
  });
}
