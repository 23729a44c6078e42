import type { CiRun } from '@waystone/plugin-delivery-common';
import type { CiReader } from './CiReader';

/** One service is asked for after the other, so that a fleet of thousands asks no forge for more than it gives. */
const PACE_MS = 2_000;

/** A service is asked for again after this time, or when something of it was deployed. */
const PERIOD_MS = 60_000;

/** A service and where its source may be. */
export interface BuiltService {
  readonly entityRef: string;
  readonly repositories: readonly string[];
}

/** The last run of every service, held so that a list of services asks nobody. */
export class CiWatch {
  readonly #reader: CiReader;
  #services: () => Iterable<BuiltService> = () => [];
  #onChange: (entityRef: string) => void = () => {};
  readonly #last = new Map<string, CiRun>();
  readonly #readAt = new Map<string, number>();
  /** What was deployed when a deployment was last seen. */
  readonly #revisions = new Map<string, string>();
  readonly #urgent = new Set<string>();
  readonly #end = new AbortController();

  static create(options: { readonly reader: CiReader }): CiWatch {
    return new CiWatch(options.reader);
  }

  private constructor(reader: CiReader) {
    this.#reader = reader;
  }

  lastRunOf(entityRef: string): CiRun | undefined {
    return this.#last.get(entityRef);
  }

  /** Asks for a service next if something else of it was deployed than when it was seen before. */
  see(deployment: {
    readonly id: string;
    readonly entityRef: string;
    readonly revision: string | undefined;
  }): void {
    const { entityRef, id, revision } = deployment;
    const before = this.#revisions.get(id);
    if (revision && revision !== before) {
      this.#revisions.set(id, revision);
      if (before) {
        this.#urgent.add(entityRef);
      }
    }
  }

  start(options: {
    readonly services: () => Iterable<BuiltService>;
    /** Told of services that have another last run now. */
    readonly onChange: (entityRef: string) => void;
  }): void {
    this.#services = options.services;
    this.#onChange = options.onChange;
    // It ends by the signal only: what cannot be read is read again later.
    this.#run().catch(() => {});
  }

  stop(): void {
    this.#end.abort();
  }

  async #run(): Promise<void> {
    const { signal } = this.#end;
    for (;;) {
      await new Promise(resolve => {
        setTimeout(resolve, PACE_MS).unref();
      });
      if (signal.aborted) {
        return;
      }
      const next = this.#next();
      if (next) {
        await this.#read(next, signal);
      }
    }
  }

  #next(): BuiltService | undefined {
    const due = Date.now() - PERIOD_MS;
    let oldest:
      | { readonly service: BuiltService; readonly at: number }
      | undefined;
    for (const service of this.#services()) {
      if (this.#urgent.delete(service.entityRef)) {
        return service;
      }
      const at = this.#readAt.get(service.entityRef) ?? 0;
      if (at <= due && at < (oldest?.at ?? Infinity)) {
        oldest = { service, at };
      }
    }
    return oldest?.service;
  }

  async #read(service: BuiltService, signal: AbortSignal): Promise<void> {
    const { entityRef, repositories } = service;
    this.#readAt.set(entityRef, Date.now());
    try {
      const { items } = await this.#reader.runs(repositories, signal);
      const [run] = items;
      const before = this.#last.get(entityRef);
      if (run && (run.id !== before?.id || run.status !== before.status)) {
        this.#last.set(entityRef, run);
        this.#onChange(entityRef);
      }
    } catch {
      // A forge that does not answer leaves what was known; the tab says why.
    }
  }
}
