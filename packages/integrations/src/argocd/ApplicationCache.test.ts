import type { ServerResponse } from 'node:http';
import { eventually } from '../testUtils/eventually';
import { ScriptedServer } from '../testUtils/ScriptedServer';
import type { ScriptedAnswer } from '../testUtils/ScriptedServer';
import type { ArgoCdClient } from './Client';
import { createArgoCdClient } from './createArgoCdClient';
import { DefaultApplicationCache } from './DefaultApplicationCache';

const TOKEN = 'token-that-nobody-may-see';

const application = (name: string, sync = 'Synced', extra: object = {}) => ({
  metadata: { name, namespace: 'argocd', labels: { owner: 'shop' } },
  spec: { project: 'default' },
  status: { sync: { status: sync }, ...extra },
});

describe('ApplicationCache', () => {
  let server: ScriptedServer;
  let client: ArgoCdClient;
  let cache: DefaultApplicationCache;
  let streams: ServerResponse[];
  let initial: object[];
  let listed: object[];
  let refusal: ScriptedAnswer | undefined;

  const event = (type: string, item: object) =>
    `data: ${JSON.stringify({ result: { type, application: item } })} \n\n\n`;
  const send = (text: string) => streams.at(-1)!.write(text);
  const names = () => [...cache].map(({ metadata }) => metadata.name).sort();
  const count = (path: string) =>
    server.requests.filter(({ url }) => url.startsWith(path)).length;

  beforeEach(async () => {
    streams = [];
    initial = [application('a'), application('b')];
    listed = initial;
    refusal = undefined;
    server = await ScriptedServer.start(({ url }) => {
      if (refusal) {
        return refusal;
      }
      if (url.startsWith('/api/v1/stream/applications')) {
        return {
          headers: { 'content-type': 'text/event-stream' },
          stream: response => {
            streams.push(response);
            response.write(':\n');
            initial.forEach(item => response.write(event('ADDED', item)));
          },
        };
      }
      const [, name] = /^\/api\/v1\/applications\/([^?/]+)/.exec(url) ?? [];
      if (name) {
        const found = listed.find(
          item =>
            (item as { metadata: { name: string } }).metadata.name === name,
        );
        return found
          ? { body: found }
          : {
              status: 404,
              body: {
                code: 5,
                message: `applications.argoproj.io "${name}" not found`,
              },
            };
      }
      return { body: { metadata: { resourceVersion: '1' }, items: listed } };
    });
    client = createArgoCdClient({
      instance: 'main',
      baseUrl: server.url,
      token: TOKEN,
    });
    cache = new DefaultApplicationCache({
      client,
      timings: { quietMs: 20, backoffMinMs: 20, backoffMaxMs: 50 },
    });
  });

  afterEach(async () => {
    await cache.stop();
    await client.close();
    await server.stop();
  });

  it('holds what the stream says, with one connection for all readers', async () => {
    cache.start();
    await cache.whenSynced();
    expect(names()).toEqual(['a', 'b']);
    expect([...cache.byLabel('owner', 'shop')]).toHaveLength(2);
    expect(cache.freshness).toEqual({
      source: 'argocd/main',
      observedAt: expect.any(String),
      stale: false,
    });

    const changes: string[] = [];
    cache.subscribe(({ type, application: { metadata } }) =>
      changes.push(`${type} ${metadata.name}`),
    );
    send(
      event(
        'MODIFIED',
        application('a', 'OutOfSync', {
          resources: [
            { kind: 'Service', name: 'x', status: 'OutOfSync' },
            { kind: 'Secret', name: 'y', status: 'Synced' },
          ],
        }),
      ),
    );
    send(event('MODIFIED', application('b')));
    send(event('ADDED', application('c')));
    send(event('DELETED', application('b')));
    await eventually(() => changes.length === 3);
    expect(changes).toEqual(['modified a', 'added c', 'deleted b']);
    expect(cache.get('a', 'argocd')?.status).toMatchObject({
      sync: { status: 'OutOfSync' },
      resourceCount: 2,
      outOfSync: [{ kind: 'Service', name: 'x' }],
    });
    for (let reader = 0; reader < 1000; reader++) {
      expect(cache.get('c')).toBeDefined();
    }
    expect(server.requests).toHaveLength(2);
  });

  it('finds with a list what the stream has lost', async () => {
    // What changed, was made or removed while Argo CD sent the first part.
    listed = [application('a', 'OutOfSync'), application('late')];
    cache.start();
    await cache.whenSynced();
    expect(names()).toEqual(['a', 'late']);
    expect(cache.get('a')?.status?.sync?.status).toBe('OutOfSync');
  });

  it('keeps what it has when the stream ends, says so, and misses no deletion', async () => {
    cache.start();
    await cache.whenSynced();
    const states: (string | undefined)[] = [];
    cache.subscribeState(({ staleSince, reason }) =>
      states.push(staleSince && reason),
    );
    initial = [application('b', 'OutOfSync')];
    listed = initial;
    streams[0].end();
    await eventually(() => states.length > 0);
    expect(states[0]).toBe('the connection has ended');
    expect(names()).toContain('a');

    await eventually(() => !cache.freshness.stale && names().length === 1);
    expect(names()).toEqual(['b']);
    expect(cache.get('b')?.status?.sync?.status).toBe('OutOfSync');
    expect(streams).toHaveLength(2);
    expect(count('/api/v1/applications?')).toBe(2);
  });

  it.each([
    [
      'a reset in the middle of an event',
      () => streams[0].destroy(),
      /connection/,
    ],
    [
      'a line that is not JSON',
      () => send('data: {"result": \n\n'),
      /not JSON/,
    ],
    [
      'an event without an Application',
      () => send('data: {"result":{"type":"ADDED"}} \n\n'),
      /not an event of an Application/,
    ],
    [
      'an error in the stream',
      () =>
        send(
          'data: {"error":{"grpc_code":14,"http_code":503,"message":"it is going down"}} \n\n',
        ),
      /it is going down/,
    ],
  ])('recovers by itself from %s', async (_, fail, reason) => {
    cache.start();
    await cache.whenSynced();
    const reasons: string[] = [];
    cache.subscribeState(state => state.reason && reasons.push(state.reason));
    fail();
    await eventually(() => reasons.length > 0);
    expect(reasons[0]).toMatch(reason);
    await eventually(() => !cache.freshness.stale);
    expect(names()).toEqual(['a', 'b']);
  });

  it('is stale with its reason while Argo CD refuses, and never says the token', async () => {
    refusal = {
      status: 401,
      body: { code: 16, message: `invalid session: ${TOKEN}` },
    };
    cache.start();
    await eventually(() => cache.state.reason !== undefined);
    expect(cache.freshness).toMatchObject({
      stale: true,
      reason: expect.stringContaining('invalid session'),
    });
    expect(JSON.stringify(cache.state)).not.toContain(TOKEN);
    refusal = undefined;
    await cache.whenSynced();
    expect(names()).toEqual(['a', 'b']);
  });

  it('ends with its connection', async () => {
    cache.start();
    await cache.whenSynced();
    await cache.stop();
    expect(cache.freshness).toMatchObject({
      stale: true,
      reason: 'The cache was stopped',
    });
    await eventually(() => streams.every(stream => stream.destroyed));
    await expect(
      new DefaultApplicationCache({ client }).whenSynced(
        AbortSignal.abort(new Error('no longer')),
      ),
    ).rejects.toThrow('no longer');
  });
});
