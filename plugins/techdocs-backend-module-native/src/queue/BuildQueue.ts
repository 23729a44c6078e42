export interface BuildQueueOptions {
  /** Builds one entity's docs; what it throws has been told of by then. */
  readonly build: (entityRef: string) => Promise<void>;
  /** Builds at once. Default: 2 */
  readonly atOnce?: number;
  /** Milliseconds without another change after which a change is built. Default: 500 */
  readonly settleMilliseconds?: number;
  /** Milliseconds after which a change is built though others keep coming. Default: 5000 */
  readonly patienceMilliseconds?: number;
}

interface Settling {
  readonly since: number;
  timer: NodeJS.Timeout;
}

/**
 * Builds that no reader waits for. An entity waits once however often it changes, and is never built twice at the same
 * time; one that changes while it is built goes to the end of the line. What has just changed goes before the looks that
 * the portal takes at all docs every few minutes.
 */
export class BuildQueue {
  readonly #options: BuildQueueOptions;
  readonly #settling = new Map<string, Settling>();
  readonly #urgent = new Set<string>();
  readonly #routine = new Set<string>();
  readonly #running = new Set<string>();
  readonly #again = new Set<string>();
  #idle: (() => void)[] = [];
  #closed = false;

  constructor(options: BuildQueueOptions) {
    this.#options = options;
  }

  /** The source of an entity's docs has changed. */
  changed(entityRef: string): void {
    if (this.#closed) return;
    const { settleMilliseconds = 500, patienceMilliseconds = 5000 } =
      this.#options;
    const known = this.#settling.get(entityRef);
    const since = known?.since ?? Date.now();
    clearTimeout(known?.timer);
    const wait = Math.min(
      settleMilliseconds,
      Math.max(since + patienceMilliseconds - Date.now(), 0),
    );
    const timer = setTimeout(() => {
      this.#settling.delete(entityRef);
      this.#routine.delete(entityRef);
      this.#urgent.add(entityRef);
      this.#next();
    }, wait);
    timer.unref();
    this.#settling.set(entityRef, { since, timer });
  }

  /** Looks at the sources of many entities, when nothing else is to be done. */
  look(entityRefs: readonly string[]): void {
    if (this.#closed) return;
    for (const entityRef of entityRefs) {
      if (!this.#urgent.has(entityRef)) this.#routine.add(entityRef);
    }
    this.#next();
  }

  /** Ends when nothing waits and nothing is built. */
  async idle(): Promise<void> {
    if (this.#isIdle()) return;
    await new Promise<void>(resolve => this.#idle.push(resolve));
  }

  /** Forgets what waits, and ends when nothing is built any more. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const { timer } of this.#settling.values()) clearTimeout(timer);
    this.#settling.clear();
    this.#urgent.clear();
    this.#routine.clear();
    this.#again.clear();
    await this.idle();
  }

  #isIdle(): boolean {
    return (
      this.#settling.size +
        this.#urgent.size +
        this.#routine.size +
        this.#running.size ===
      0
    );
  }

  #next(): void {
    const { atOnce = 2 } = this.#options;
    while (this.#running.size < atOnce) {
      const entityRef = take(this.#urgent) ?? take(this.#routine);
      if (entityRef === undefined) break;
      if (this.#running.has(entityRef)) this.#again.add(entityRef);
      else void this.#run(entityRef);
    }
    if (!this.#isIdle()) return;
    const waiting = this.#idle;
    this.#idle = [];
    for (const resolve of waiting) resolve();
  }

  async #run(entityRef: string): Promise<void> {
    this.#running.add(entityRef);
    try {
      await this.#options.build(entityRef);
    } catch {
      // Whoever builds has told of it
    } finally {
      this.#running.delete(entityRef);
      if (this.#again.delete(entityRef)) this.#urgent.add(entityRef);
      this.#next();
    }
  }
}

function take(names: Set<string>): string | undefined {
  const [first] = names;
  if (first !== undefined) names.delete(first);
  return first;
}
