import type {
  HeldData,
  PlatformSystem,
} from '@waystone/plugin-platform-health-common';
import type {
  Upstream,
  UpstreamCache,
  UpstreamProbe,
  UpstreamRegistry,
} from '@waystone/integrations';

/** How long an answer to a probe is good enough, so that many readers cause few calls. */
const FRESH_MS = 10_000;

/** How long a reader waits for those that have not answered; they are shown as they were. */
const PATIENCE_MS = 3_000;

interface Checked {
  readonly at: number;
  readonly probe?: UpstreamProbe;
  readonly error?: Error;
}

/** What is known of all systems behind the portal, asking those that were not asked lately. */
export class SystemHealth {
  readonly #registry: UpstreamRegistry;
  readonly #checked = new Map<string, Checked>();
  readonly #underWay = new Map<string, Promise<void>>();

  static create(options: { registry: UpstreamRegistry }): SystemHealth {
    return new SystemHealth(options.registry);
  }

  private constructor(registry: UpstreamRegistry) {
    this.#registry = registry;
  }

  /**
   * @param signal - ends the waiting, not the asking: others may wait for the same answer
   * @returns One entry for each instance, whether it answers or not.
   */
  async list(signal: AbortSignal): Promise<PlatformSystem[]> {
    const upstreams = this.#registry.list();
    await waitAtMost(
      Promise.all(upstreams.map(upstream => this.#check(upstream))),
      PATIENCE_MS,
      signal,
    );
    return upstreams.map(upstream =>
      describe(upstream, this.#checked.get(keyOf(upstream))),
    );
  }

  async #check(upstream: Upstream): Promise<void> {
    const key = keyOf(upstream);
    const known = this.#checked.get(key);
    if (known && Date.now() - known.at < FRESH_MS) {
      return;
    }
    let running = this.#underWay.get(key);
    if (!running) {
      running = this.#probe(upstream, key).finally(() =>
        this.#underWay.delete(key),
      );
      this.#underWay.set(key, running);
    }
    await running;
  }

  async #probe(upstream: Upstream, key: string): Promise<void> {
    try {
      const probe = await upstream.probe();
      this.#checked.set(key, { at: Date.now(), probe });
    } catch (error) {
      // The version that it had stays readable.
      const { probe } = this.#checked.get(key) ?? {};
      this.#checked.set(key, {
        at: Date.now(),
        error: error as Error,
        probe,
      });
    }
  }
}

function keyOf({ system, instance }: Upstream): string {
  return `${system}/${instance}`;
}

function describe(upstream: Upstream, checked?: Checked): PlatformSystem {
  const health = upstream.health();
  const held = upstream.caches().map(toHeldData);
  return {
    system: upstream.system,
    instance: upstream.instance,
    url: upstream.url,
    ...judge(checked, health.reachable, held),
    reachable: health.reachable,
    authenticated: checked?.probe?.authenticated ?? health.authenticated,
    version: checked?.probe?.version,
    latencyMs: health.latencyMs,
    breaker: health.breaker,
    inFlight: health.inFlight,
    queued: health.queued,
    held,
    lastError: health.lastError,
    lastSuccessAt: health.lastSuccessAt,
    checkedAt: checked && new Date(checked.at).toISOString(),
  };
}

/** The state in a word, and what is wrong in a sentence. */
function judge(
  checked: Checked | undefined,
  reachable: boolean | undefined,
  held: readonly HeldData[],
): Pick<PlatformSystem, 'state' | 'problem'> {
  if (!checked) {
    return { state: 'unknown' };
  }
  if (checked.error) {
    return {
      state: reachable ? 'degraded' : 'down',
      problem: checked.error.message,
    };
  }
  if (checked.probe?.authenticated === false) {
    return {
      state: 'degraded',
      problem:
        'It answers, but refuses the credentials of the portal. Renew them in the configuration.',
    };
  }
  const stale = held.find(data => data.stale && data.observedAt);
  return stale
    ? {
        state: 'degraded',
        problem: `What the portal holds of its ${stale.name} is out of date${
          stale.reason ? `: ${stale.reason}` : '.'
        }`,
      }
    : { state: 'ok' };
}

function toHeldData({ name, entries, freshness }: UpstreamCache): HeldData {
  return {
    name,
    items: entries,
    observedAt: freshness.observedAt,
    stale: freshness.stale,
    reason: freshness.reason,
  };
}

async function waitAtMost(
  work: Promise<unknown>,
  milliseconds: number,
  signal: AbortSignal,
): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let giveUp = () => {};
  try {
    await Promise.race([
      work,
      new Promise<void>(resolve => {
        giveUp = resolve;
        timer = setTimeout(resolve, milliseconds);
        signal.addEventListener('abort', giveUp, { once: true });
      }),
    ]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', giveUp);
  }
}
