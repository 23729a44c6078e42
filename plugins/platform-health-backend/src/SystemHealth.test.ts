import type {
  Upstream,
  UpstreamHealth,
  UpstreamProbe,
} from '@waystone/integrations';
import { SystemHealth } from './SystemHealth';

const never = new AbortController().signal;

function createUpstream(options: {
  system: string;
  probe: () => Promise<UpstreamProbe>;
  health?: Partial<UpstreamHealth>;
  caches?: ReturnType<Upstream['caches']>;
}): Upstream {
  const { system, probe, health, caches = [] } = options;
  const url = `https://${system}.example`;
  return {
    system,
    instance: 'main',
    url,
    probe,
    caches: () => caches,
    health: () => ({
      system,
      instance: 'main',
      baseUrl: url,
      breaker: 'closed',
      inFlight: 0,
      queued: 0,
      streams: 0,
      ...health,
    }),
  };
}

function createHealth(...upstreams: Upstream[]) {
  return SystemHealth.create({
    registry: { register: () => () => {}, list: () => upstreams },
  });
}

describe('SystemHealth', () => {
  it('says in a word and a sentence how each system is', async () => {
    const health = createHealth(
      createUpstream({
        system: 'argocd',
        probe: async () => ({ version: 'v3.5.1', authenticated: true }),
        health: { reachable: true, latencyMs: 12 },
      }),
      createUpstream({
        system: 'vault',
        probe: async () => ({ authenticated: false }),
        health: { reachable: true },
      }),
      createUpstream({
        system: 'prometheus',
        probe: async () => {
          throw new Error('connection refused');
        },
        health: { reachable: false, breaker: 'open' },
      }),
      createUpstream({
        system: 'kubernetes',
        probe: async () => ({ authenticated: true }),
        health: { reachable: true },
        caches: [
          {
            name: 'pods',
            entries: 7,
            freshness: {
              source: 'kubernetes/main',
              observedAt: '2026-01-01T00:00:00.000Z',
              stale: true,
              reason: 'the watch ended',
            },
          },
        ],
      }),
    );

    expect(await health.list(never)).toEqual([
      expect.objectContaining({
        system: 'argocd',
        state: 'ok',
        version: 'v3.5.1',
        latencyMs: 12,
      }),
      expect.objectContaining({
        system: 'vault',
        state: 'degraded',
        authenticated: false,
        problem: expect.stringContaining('refuses the credentials'),
      }),
      expect.objectContaining({
        system: 'prometheus',
        state: 'down',
        breaker: 'open',
        problem: 'connection refused',
      }),
      expect.objectContaining({
        system: 'kubernetes',
        state: 'degraded',
        problem:
          'What the portal holds of its pods is out of date: the watch ended',
        held: [expect.objectContaining({ name: 'pods', items: 7 })],
      }),
    ]);
  });

  it('asks once for many readers', async () => {
    const probe = jest.fn(async () => ({ authenticated: true }));
    const health = createHealth(createUpstream({ system: 'argocd', probe }));
    await Promise.all(Array.from({ length: 50 }, () => health.list(never)));
    await health.list(never);
    expect(probe).toHaveBeenCalledTimes(1);
  });

  it('does not wait for a system that hangs when the reader leaves, and shows the others', async () => {
    let answer = (_: UpstreamProbe) => {};
    const health = createHealth(
      createUpstream({
        system: 'argocd',
        probe: () =>
          new Promise(resolve => {
            answer = resolve;
          }),
      }),
      createUpstream({
        system: 'vault',
        probe: async () => ({ authenticated: true }),
        health: { reachable: true },
      }),
    );
    const reader = new AbortController();
    const listed = health.list(reader.signal);
    await new Promise(setImmediate);
    reader.abort();
    expect((await listed).map(system => system.state)).toEqual([
      'unknown',
      'ok',
    ]);

    answer({ authenticated: true, version: '2' });
    expect((await health.list(never))[0]).toMatchObject({
      state: 'ok',
      version: '2',
    });
  });

  it('keeps the version of a system that went down', async () => {
    let down = false;
    const clock = jest.spyOn(Date, 'now');
    const health = createHealth(
      createUpstream({
        system: 'argocd',
        probe: async () => {
          if (down) throw new Error('gone');
          return { authenticated: true, version: 'v3.5.1' };
        },
      }),
    );
    clock.mockReturnValue(1_000_000);
    await health.list(never);
    down = true;
    clock.mockReturnValue(1_020_000);
    expect((await health.list(never))[0]).toMatchObject({
      state: 'down',
      version: 'v3.5.1',
      checkedAt: new Date(1_020_000).toISOString(),
    });
    clock.mockRestore();
  });
});
