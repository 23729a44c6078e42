import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { createSandboxContext } from '../core/createSandboxContext';
import { createFaultTable } from '../core/FaultTable';
import { createKubernetesCluster } from '../kubernetes/createKubernetesCluster';
import type { RunningKubernetesCluster } from '../kubernetes/createKubernetesCluster';
import { StatusError } from '../kubernetes/StatusError';
import type { SandboxPart } from '../SandboxPart';
import { createArgoCd } from './createArgoCd';
import { GitFixture } from './testUtils/GitFixture';

jest.setTimeout(60_000);

const REPOSITORY = 'https://git.example.com/shop/web.git';
const TOKEN = 'the-token';

const configMap = (name: string, data: Record<string, string>, extra = '') =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n${extra}data: ${JSON.stringify(
    data,
  )}\n`;

const hook = (name: string, phase: string, extra = '') => `apiVersion: batch/v1
kind: Job
metadata:
  name: ${name}
  annotations:
    argocd.argoproj.io/hook: ${phase}
${extra}spec:
  template:
    spec:
      restartPolicy: Never
      containers: [{name: a, image: shop/migrate:1}]
`;

describe('the Argo CD part', () => {
  const folder = mkdtempSync(join(tmpdir(), 'argocd-'));
  let git: GitFixture;
  let cluster: RunningKubernetesCluster;
  let part: SandboxPart;
  let push: (url: string) => void = () => {};
  let close: () => Promise<void>;
  let url: string;

  const call = async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ) => {
    const response = await fetch(`${url}/argocd${path}`, {
      method,
      headers: {
        authorization: `Bearer ${TOKEN}`,
        'content-type': 'application/json',
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    return {
      status: response.status,
      body: response.headers.get('content-type')?.includes('json')
        ? JSON.parse(text)
        : text,
    };
  };
  const get = async (name: string, query = 'project=default') =>
    (await call('GET', `/api/v1/applications/${name}?${query}`)).body;

  const until = async <T>(
    look: () => T | Promise<T>,
    good: (value: T) => unknown,
  ): Promise<T> => {
    for (const end = Date.now() + 40_000; ; ) {
      const value = await look();
      if (good(value) || Date.now() > end) {
        expect(good(value) ? 'reached' : value).toBe('reached');
        return value;
      }
      await new Promise(resolve => setTimeout(resolve, 20));
    }
  };

  const create = (name: string, spec: object = {}, extra: object = {}) =>
    call('POST', '/api/v1/applications?validate=false', {
      metadata: { name, ...extra },
      spec: {
        project: 'default',
        source: { repoURL: REPOSITORY, path: name, targetRevision: 'main' },
        destination: { name: 'nonprod', namespace: name },
        ...spec,
      },
    });
  const sync = (name: string, body: object = {}) =>
    call('POST', `/api/v1/applications/${name}/sync`, {
      project: 'default',
      ...body,
    });
  const finished = (name: string) =>
    until(
      () => get(name),
      app =>
        app.operation === undefined && app.status?.operationState?.finishedAt,
    );
  const namespace = (name: string) =>
    cluster.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });

  beforeAll(async () => {
    git = new GitFixture(folder, 'web');
    git.commit({ 'README.md': 'nothing' });
    cluster = createKubernetesCluster({ name: 'nonprod' });
    const context = createSandboxContext({
      url: 'http://localhost:7008',
      stateFolder: folder,
      token: TOKEN,
      faults: createFaultTable(),
      speed: 50,
      log: () => {},
    });
    part = createArgoCd(context, {
      home: cluster,
      destinations: new Map([['nonprod', cluster]]),
      repositories: {
        resolve: address => (address === REPOSITORY ? git.bare : undefined),
      },
      onPush: listener => {
        push = listener;
      },
    });
    await part.start?.();
    const app = express();
    app.use(part.path, part.handler);
    const server = createServer(app).listen(0, '127.0.0.1');
    await new Promise(resolve => server.once('listening', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    close = async () => {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    };
  });

  afterAll(async () => {
    await part.stop?.();
    await close();
    await cluster.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('compares, syncs, prunes, keeps history and rolls back', async () => {
    namespace('plain');
    const first = git.commit(
      {
        'plain/a.yaml': configMap('a', { version: '1' }),
        'plain/b.yaml': configMap('b', {}),
      },
      'first version',
    );
    await create('plain');
    const before = await until(
      () => get('plain'),
      app => app.status?.sync?.status === 'OutOfSync',
    );
    expect(before.status.health.status).toBe('Missing');
    expect(before.status.sync.revision).toBe(first);
    expect(before.status.resources).toEqual([
      {
        version: 'v1',
        kind: 'ConfigMap',
        namespace: 'plain',
        name: 'a',
        status: 'OutOfSync',
        health: { status: 'Missing', message: 'Resource has not been created' },
      },
      {
        version: 'v1',
        kind: 'ConfigMap',
        namespace: 'plain',
        name: 'b',
        status: 'OutOfSync',
        health: { status: 'Missing', message: 'Resource has not been created' },
      },
    ]);

    expect((await sync('plain')).body.operation.sync.revision).toBe(first);
    const synced = await finished('plain');
    expect(synced.status.operationState).toMatchObject({
      phase: 'Succeeded',
      message: 'successfully synced (all tasks run)',
      operation: { initiatedBy: { username: 'admin' } },
    });
    expect(synced.status.operationState.syncResult.resources[0]).toMatchObject({
      kind: 'ConfigMap',
      name: 'a',
      status: 'Synced',
      message: 'configmap/a created',
      syncPhase: 'Sync',
      hookPhase: 'Running',
    });
    await until(
      () => get('plain'),
      app =>
        app.status.sync.status === 'Synced' &&
        app.status.health.status === 'Healthy',
    );

    const second = git.commit(
      {
        'plain/a.yaml': configMap('a', { version: '2' }),
        'plain/b.yaml': null,
      },
      'second version',
    );
    push(REPOSITORY);
    const drifted = await until(
      () => get('plain'),
      app => app.status.sync.revision === second,
    );
    expect(drifted.status.resources).toMatchObject([
      { name: 'a', status: 'OutOfSync' },
      { name: 'b', status: 'OutOfSync', requiresPruning: true },
    ]);
    const { body: managed } = await call(
      'GET',
      '/api/v1/applications/plain/managed-resources?project=default',
    );
    expect(JSON.parse(managed.items[0].targetState).data).toEqual({
      version: '2',
    });
    expect(JSON.parse(managed.items[0].liveState).data).toEqual({
      version: '1',
    });
    expect(JSON.parse(managed.items[0].predictedLiveState).data).toEqual({
      version: '2',
    });
    expect(managed.items[1]).toMatchObject({ name: 'b', targetState: 'null' });

    await sync('plain');
    const kept = await finished('plain');
    expect(kept.status.operationState.syncResult.resources).toContainEqual(
      expect.objectContaining({
        name: 'b',
        status: 'PruneSkipped',
        message: 'ignored (requires pruning)',
      }),
    );
    await sync('plain', { prune: true });
    const pruned = await finished('plain');
    expect(pruned.status.operationState.syncResult.resources).toContainEqual(
      expect.objectContaining({
        name: 'b',
        status: 'Pruned',
        message: 'pruned',
      }),
    );
    await until(
      () => get('plain'),
      app => app.status?.sync?.status === 'Synced',
    );
    expect(
      pruned.status.history.map((entry: any) => [entry.id, entry.revision]),
    ).toEqual([
      [0, first],
      [1, second],
      [2, second],
    ]);

    expect(
      await call('POST', '/api/v1/applications/plain/rollback', {
        id: 99,
        project: 'default',
      }),
    ).toMatchObject({
      status: 400,
      body: {
        code: 3,
        message: 'application argocd/plain does not have deployment with id 99',
      },
    });
    await call('POST', '/api/v1/applications/plain/rollback', {
      id: 0,
      project: 'default',
    });
    const back = await finished('plain');
    expect(back.status.operationState.syncResult.revision).toBe(first);
    expect(
      cluster.get({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        namespace: 'plain',
        name: 'a',
      })?.data,
    ).toEqual({ version: '1' });
    await until(
      () => get('plain'),
      app => app.status?.sync?.status === 'OutOfSync',
    );
    const { body: metadata } = await call(
      'GET',
      `/api/v1/applications/plain/revisions/${second}/metadata?project=default`,
    );
    expect(metadata).toEqual({
      author: 'Maya Okafor <maya@example.com>',
      date: expect.stringMatching(/^\d{4}-.*Z$/),
      message: 'second version',
    });
  });

  it('syncs by itself, heals and prunes', async () => {
    namespace('automatic');
    git.commit({
      'automatic/kustomization.yaml': 'resources: [a.yaml]\nnamePrefix: my-\n',
      'automatic/a.yaml': configMap('a', { version: '1' }),
    });
    await create('automatic', {
      syncPolicy: { automated: { prune: true, selfHeal: true } },
      source: {
        repoURL: REPOSITORY,
        path: 'automatic',
        targetRevision: 'HEAD',
      },
    });
    const ref = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      namespace: 'automatic',
      name: 'my-a',
    };
    await until(
      () => get('automatic'),
      app => app.status?.sync?.status === 'Synced',
    );
    expect(
      (await get('automatic')).status.operationState.operation,
    ).toMatchObject({
      initiatedBy: { automated: true },
      retry: { limit: 5 },
    });
    expect((await get('automatic')).status.sourceType).toBe('Kustomize');

    cluster.patch(ref, { data: { version: 'changed by hand' } });
    await until(
      () => cluster.get(ref)?.data.version,
      version => version === '1',
    );
    cluster.delete(ref);
    await until(
      () => cluster.get(ref)?.data.version,
      version => version === '1',
    );
    // What others add is no drift.
    cluster.patch(ref, { data: { added: 'by somebody' } });
    await until(
      () => get('automatic', 'refresh=normal'),
      app => app.status?.sync?.status === 'Synced',
    );
    expect(cluster.get(ref)?.data.added).toBe('by somebody');

    expect(
      await call('POST', '/api/v1/applications/automatic/rollback', {
        id: 0,
        project: 'default',
      }),
    ).toMatchObject({
      status: 400,
      body: {
        code: 9,
        message: 'rollback cannot be initiated when auto-sync is enabled',
      },
    });
    expect(await sync('automatic', { revision: 'other' })).toMatchObject({
      status: 400,
      body: {
        code: 9,
        message: 'Cannot sync to other: auto-sync currently set to HEAD',
      },
    });
    git.commit({
      'automatic/kustomization.yaml': 'resources: [b.yaml]\n',
      'automatic/b.yaml': configMap('b', {}),
    });
    push(REPOSITORY);
    await until(
      () => cluster.get(ref),
      object => object === undefined,
    );
  });

  it('runs hooks and waves in order, and stops when told to', async () => {
    namespace('hooks');
    git.commit({
      'hooks/pre.yaml': hook('before', 'PreSync'),
      'hooks/a.yaml': configMap(
        'first',
        {},
        '  annotations: {argocd.argoproj.io/sync-wave: "-1"}\n',
      ),
      'hooks/b.yaml': configMap('second', {}),
      'hooks/post.yaml': hook(
        'after',
        'PostSync',
        '    argocd.argoproj.io/hook-delete-policy: HookSucceeded\n',
      ),
      'hooks/fail.yaml': hook('rescue', 'SyncFail'),
    });
    await create('hooks');
    const job = (name: string) => ({
      apiVersion: 'batch/v1',
      kind: 'Job',
      namespace: 'hooks',
      name,
    });
    const end = (name: string, type: 'Complete' | 'Failed') =>
      cluster.patch(
        job(name),
        {
          status: {
            conditions: [{ type, status: 'True', message: `it is ${type}` }],
          },
        },
        { subresource: 'status' },
      );
    await sync('hooks');
    const waiting = await until(
      () => get('hooks'),
      app =>
        app.status?.operationState?.message?.startsWith(
          'waiting for completion of hook',
        ),
    );
    expect(waiting.status.operationState.message).toBe(
      'waiting for completion of hook batch/Job/before',
    );
    expect(
      cluster.get({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        namespace: 'hooks',
        name: 'first',
      }),
    ).toBeUndefined();
    expect(await sync('hooks')).toMatchObject({
      status: 400,
      body: {
        code: 9,
        message: expect.stringContaining(
          'another operation is already in progress',
        ),
      },
    });
    end('before', 'Complete');
    await until(() => cluster.get(job('after')), Boolean);
    end('after', 'Complete');
    const done = await finished('hooks');
    expect(done.status.operationState).toMatchObject({ phase: 'Succeeded' });
    expect(
      done.status.operationState.syncResult.resources.map((item: any) => [
        item.syncPhase,
        item.name,
        item.hookPhase,
      ]),
    ).toEqual([
      ['PreSync', 'before', 'Succeeded'],
      ['Sync', 'first', 'Succeeded'],
      ['Sync', 'second', 'Succeeded'],
      ['PostSync', 'after', 'Succeeded'],
    ]);
    await until(
      () => cluster.get(job('after')),
      object => object === undefined,
    );

    await sync('hooks');
    await until(
      () => get('hooks'),
      app =>
        app.status?.operationState?.message?.startsWith(
          'waiting for completion of hook',
        ),
    );
    end('before', 'Failed');
    await until(() => cluster.get(job('rescue')), Boolean);
    end('rescue', 'Complete');
    const failed = await finished('hooks');
    expect(failed.status.operationState).toMatchObject({
      phase: 'Failed',
      message: 'one or more synchronization tasks completed unsuccessfully',
    });

    await sync('hooks');
    await until(
      () => get('hooks'),
      app =>
        app.status?.operationState?.message?.startsWith(
          'waiting for completion of hook',
        ),
    );
    expect(
      (
        await call(
          'DELETE',
          '/api/v1/applications/hooks/operation?project=default',
        )
      ).status,
    ).toBe(200);
    const ended = await finished('hooks');
    expect(ended.status.operationState).toMatchObject({
      phase: 'Failed',
      message: 'Operation terminated',
    });
    expect(
      await call(
        'DELETE',
        '/api/v1/applications/hooks/operation?project=default',
      ),
    ).toMatchObject({
      status: 400,
      body: {
        message: 'Unable to terminate operation. No operation is in progress',
      },
    });
  });

  it('says what admission said, and tries again as often as it may', async () => {
    namespace('denied');
    cluster.addAdmissionPlugin(({ object }) => {
      if (object?.kind === 'ConfigMap' && object.data?.forbidden) {
        throw new StatusError({
          code: 403,
          reason: 'Forbidden',
          message:
            'admission webhook "validation.gatekeeper.sh" denied the request: [no] not this',
        });
      }
    });
    git.commit({ 'denied/a.yaml': configMap('a', { forbidden: 'yes' }) });
    await create('denied', {
      syncPolicy: { retry: { limit: 1, backoff: { duration: '1s' } } },
    });
    await sync('denied');
    await until(
      () => get('denied'),
      app => app.status?.operationState?.retryCount === 1,
    );
    const failed = await finished('denied');
    expect(failed.status.operationState).toMatchObject({
      phase: 'Failed',
      retryCount: 1,
      message:
        'one or more objects failed to apply, reason: admission webhook "validation.gatekeeper.sh" denied the request: [no] not this (retried 1 times).',
      syncResult: {
        resources: [
          {
            status: 'SyncFailed',
            message: expect.stringContaining('denied the request'),
          },
        ],
      },
    });
  });

  it.each([
    [
      'a folder that is not there',
      { path: 'nowhere' },
      'nowhere: app path does not exist',
    ],
    [
      'a path out of the repository',
      { path: '../other' },
      '../other: app path outside root',
    ],
    [
      'a revision that is not there',
      { path: 'plain', targetRevision: 'nope' },
      "unable to resolve 'nope' to a commit SHA",
    ],
    [
      'a repository that is not there',
      { path: 'plain', repoURL: 'https://git.example.com/none' },
      'failed to list refs: repository not found',
    ],
    [
      'a broken kustomization',
      { path: 'broken' },
      'kustomize build <path to cached source>/broken` failed exit status 1',
    ],
    ['a chart', { path: 'chart' }, 'the sandbox has no Helm'],
  ])('reports %s as ComparisonError', async (_, source, message) => {
    git.commit({
      'broken/kustomization.yaml': 'resources: [none.yaml]',
      'chart/Chart.yaml': 'name: a',
    });
    const name = `broken-${Math.random().toString(36).slice(2)}`;
    await create(name, { source: { repoURL: REPOSITORY, ...source } });
    const app = await until(
      () => get(name),
      value => value.status?.conditions,
    );
    expect(app.status.sync.status).toBe('Unknown');
    expect(app.status.conditions).toEqual([
      {
        type: 'ComparisonError',
        message: expect.stringContaining(message),
        lastTransitionTime: expect.any(String),
      },
    ]);
    expect(app.status.conditions[0].message).toMatch(
      /^Failed to load target state: failed to generate manifest for source 1 of 1: rpc error: code = Unknown desc = /,
    );
  });

  it('keeps to the project and its windows', async () => {
    namespace('windows');
    const project = (spec: object) =>
      cluster.apply(
        {
          apiVersion: 'argoproj.io/v1alpha1',
          kind: 'AppProject',
          metadata: { name: 'shop', namespace: 'argocd' },
          spec: {
            sourceRepos: ['https://git.example.com/shop/*'],
            destinations: [{ name: 'nonprod', namespace: 'windows' }],
            ...spec,
          },
        },
        { fieldManager: 'test', force: true },
      );
    project({});
    git.commit({ 'windows/a.yaml': configMap('a', {}) });
    expect(
      await create('windows', {
        project: 'shop',
        destination: { name: 'nonprod', namespace: 'other' },
      }),
    ).toMatchObject({
      status: 400,
      body: {
        code: 3,
        message: expect.stringContaining(
          "do not match any of the allowed destinations in project 'shop'",
        ),
      },
    });
    expect(
      await create('windows', {
        project: 'shop',
        source: { repoURL: 'https://evil.example.com/a', path: '.' },
      }),
    ).toMatchObject({
      status: 400,
      body: {
        message: expect.stringContaining(
          "application repo https://evil.example.com/a is not permitted in project 'shop'",
        ),
      },
    });
    expect(
      (
        await create('windows', {
          project: 'shop',
          destination: { name: 'nonprod', namespace: 'windows' },
        })
      ).status,
    ).toBe(200);
    project({
      syncWindows: [
        {
          kind: 'deny',
          schedule: '* * * * *',
          duration: '1h',
          applications: ['win*'],
        },
      ],
    });
    expect(await sync('windows', { project: 'shop' })).toMatchObject({
      status: 403,
      body: { code: 7, message: 'cannot sync: blocked by sync window' },
    });
    expect(
      (
        await call(
          'GET',
          '/api/v1/applications/windows/syncwindows?project=shop',
        )
      ).body,
    ).toEqual({
      activeWindows: [{ kind: 'deny', schedule: '* * * * *', duration: '1h' }],
      assignedWindows: [
        { kind: 'deny', schedule: '* * * * *', duration: '1h' },
      ],
      canSync: false,
    });
    project({
      syncWindows: [
        {
          kind: 'deny',
          schedule: '* * * * *',
          duration: '1h',
          applications: ['*'],
          manualSync: true,
        },
      ],
    });
    expect((await sync('windows', { project: 'shop' })).status).toBe(200);
  });

  it('answers errors as the real one', async () => {
    expect(await call('GET', '/api/v1/applications/none')).toMatchObject({
      status: 403,
      body: {
        code: 7,
        error: 'permission denied',
        message: 'permission denied',
      },
    });
    expect(
      await call('GET', '/api/v1/applications/none?project=default'),
    ).toMatchObject({
      status: 404,
      body: { code: 5, message: 'applications.argoproj.io "none" not found' },
    });
    expect(
      (await call('GET', '/api/v1/applications/plain?project=other')).status,
    ).toBe(404);
    expect(
      await call('GET', '/api/v1/applications', undefined, {
        authorization: '',
      }),
    ).toMatchObject({
      status: 401,
      body: { code: 16, message: 'no session information' },
    });
    expect(
      (
        await call('GET', '/api/v1/applications', undefined, {
          authorization: 'Bearer wrong',
        })
      ).status,
    ).toBe(401);
    expect(
      (await call('GET', '/api/version', undefined, { authorization: '' }))
        .body,
    ).toEqual({ Version: expect.stringMatching(/^v3\./) });
    expect(
      await call(
        'POST',
        '/api/v1/applications/plain/sync',
        {},
        { 'content-type': 'application/json; charset=utf-8' },
      ),
    ).toEqual({ status: 415, body: 'Invalid content type\n' });
    expect(
      (
        await call('DELETE', '/api/v1/applications/plain', undefined, {
          'content-type': '',
        })
      ).status,
    ).toBe(415);
    expect(
      await call(
        'POST',
        '/api/v1/session',
        { username: 'admin', password: 'no' },
        { authorization: '' },
      ),
    ).toMatchObject({
      status: 401,
      body: { message: 'Invalid username or password' },
    });
  });

  it('selects fields and Applications', async () => {
    const { body } = await call(
      'GET',
      '/api/v1/applications?fields=items.metadata.name,items.status.sync.status,items.status.operationState.phase&projects=default',
    );
    const plain = body.items.find(
      (item: any) => item.metadata.name === 'plain',
    );
    expect(plain).toEqual({
      metadata: { name: 'plain' },
      status: {
        sync: { status: 'OutOfSync' },
        operationState: { phase: 'Succeeded' },
      },
    });
    const { body: rest } = await call(
      'GET',
      '/api/v1/applications?fields=-items.spec,items.status.resources',
    );
    expect(rest.items[0]).not.toHaveProperty('status.resources');
    expect(rest.items[0]).toHaveProperty('status.health');
    expect(
      (await call('GET', '/api/v1/applications?selector=none%3Done')).body
        .items,
    ).toBeNull();
  });

  it('streams what there is, then what changes', async () => {
    const abort = new AbortController();
    const response = await fetch(
      `${url}/argocd/api/v1/stream/applications?fields=result.type,result.application.metadata.name`,
      {
        headers: {
          authorization: `Bearer ${TOKEN}`,
          accept: 'text/event-stream',
        },
        signal: abort.signal,
      },
    );
    let text = '';
    const reading = (async () => {
      for await (const chunk of response.body!) {
        text += Buffer.from(chunk).toString();
      }
    })().catch(() => {});
    await until(
      () => text,
      value => value.includes('"plain"'),
    );
    expect(
      text.startsWith(
        'data: {"result":{"type":"ADDED","application":{"metadata":{"name":',
      ),
    ).toBe(true);
    await create('short-lived');
    await call(
      'DELETE',
      '/api/v1/applications/short-lived?project=default&cascade=false',
    );
    await until(
      () => text,
      value =>
        value.includes(
          '{"type":"DELETED","application":{"metadata":{"name":"short-lived"}}}',
        ),
    );
    abort.abort();
    await reading;
  });

  it('deletes what it has deployed', async () => {
    namespace('gone');
    git.commit({ 'gone/a.yaml': configMap('a', {}) });
    await create('gone');
    await sync('gone');
    await finished('gone');
    const ref = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      namespace: 'gone',
      name: 'a',
    };
    expect(cluster.get(ref)).toBeDefined();
    await call('DELETE', '/api/v1/applications/gone?project=default');
    await until(
      () => call('GET', '/api/v1/applications/gone?project=default'),
      ({ status }) => status === 404,
    );
    expect(cluster.get(ref)).toBeUndefined();
  });

  it('leaves simulated Applications alone', async () => {
    const status = {
      sync: { status: 'Synced', revision: 'abc' },
      health: { status: 'Healthy' },
    };
    cluster.create({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata: {
        name: 'simulated',
        namespace: 'argocd',
        annotations: { 'sandbox.waystone.dev/simulated': 'true' },
      },
      spec: {
        project: 'default',
        source: { repoURL: 'https://git.example.com/none', path: '.' },
        destination: { name: 'nonprod', namespace: 'none' },
      },
      status,
    });
    await create('later');
    await until(
      () => get('later'),
      app => app.status,
    );
    expect((await get('simulated')).status).toEqual(status);
  });

  it('creates the namespace, follows .operation and honours ignored differences', async () => {
    git.commit({ 'created/a.yaml': configMap('a', { replicas: '1' }) });
    await create('created', {
      syncPolicy: {
        syncOptions: ['CreateNamespace=true'],
        managedNamespaceMetadata: { labels: { team: 'shop' } },
      },
      ignoreDifferences: [
        { kind: 'ConfigMap', jsonPointers: ['/data/replicas'] },
      ],
    });
    cluster.patch(
      {
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'Application',
        namespace: 'argocd',
        name: 'created',
      },
      {
        operation: {
          initiatedBy: { username: 'kubectl' },
          sync: { syncOptions: ['CreateNamespace=true'] },
        },
      },
    );
    expect((await finished('created')).status.operationState).toMatchObject({
      phase: 'Succeeded',
      message: 'successfully synced (all tasks run)',
    });
    expect(
      cluster.get({ apiVersion: 'v1', kind: 'Namespace', name: 'created' })
        ?.metadata.labels,
    ).toMatchObject({ team: 'shop' });
    await until(
      () => get('created'),
      app => app.status?.sync?.status === 'Synced',
    );
    cluster.patch(
      { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'created', name: 'a' },
      { data: { replicas: '5' } },
    );
    expect((await get('created', 'refresh=hard')).status.sync.status).toBe(
      'Synced',
    );
  });

  it('makes Applications of folders and lists', async () => {
    git.commit({
      'fleet/one/a.yaml': configMap('a', {}),
      'fleet/two/a.yaml': configMap('a', {}),
    });
    cluster.create({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'ApplicationSet',
      metadata: { name: 'fleet', namespace: 'argocd' },
      spec: {
        goTemplate: true,
        generators: [
          {
            git: {
              repoURL: REPOSITORY,
              revision: 'HEAD',
              directories: [
                { path: 'fleet/*' },
                { path: 'fleet/two', exclude: true },
              ],
            },
          },
          {
            list: {
              elements: [{ path: { path: 'plain', basename: 'listed' } }],
            },
          },
        ],
        template: {
          metadata: { name: 'fleet-{{.path.basename}}' },
          spec: {
            project: 'default',
            source: {
              repoURL: REPOSITORY,
              path: '{{.path.path}}',
              targetRevision: 'HEAD',
            },
            destination: {
              name: 'nonprod',
              namespace: '{{ .path.basename | upper | lower }}',
            },
          },
        },
      },
    });
    const one = await until(
      () => get('fleet-one'),
      app => app.status?.sync?.status === 'OutOfSync',
    );
    expect(one.spec.destination.namespace).toBe('one');
    expect((await get('fleet-listed')).spec.source.path).toBe('plain');
    expect(
      (await call('GET', '/api/v1/applications/fleet-two?project=default'))
        .status,
    ).toBe(404);
  });

  it('has a page for links', async () => {
    const page = await call('GET', '/applications/argocd/plain');
    expect(page.body).toContain('<h1>plain</h1>');
    expect((await call('GET', '/applications/none')).status).toBe(404);
  });
});
