import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { MessageChannel, Worker } from 'node:worker_threads';
import { DocsBuildError } from '../diagnostics/DocsBuildError';
import type { DiagramDrawer, DiagramOutcome } from '../diagrams/DiagramDrawer';
import type { BuildReport } from '../site/buildSite';
import { DEFAULT_SITE_LIMITS } from '../site/SiteLimits';
import { Activity } from './Activity';
import type {
  BuildRequest,
  FromWorker,
  ToWorker,
  WorkerSettings,
} from './messages';

export interface RenderPoolOptions {
  /**
   * Threads. Default: one fewer than there are cores, at most 2: each compiles the renderer for itself, which takes as
   * long as to render some hundred pages
   */
  readonly threads?: number;
  /** Bytes of rendered pages that each thread keeps. Default: 32 MB */
  readonly cacheBytes?: number;
  /** Memory that each thread may take, in MB; beyond it the builds in it fail and the portal goes on. Default: 256 */
  readonly memoryMegabytes?: number;
  /**
   * Milliseconds without a build after which the threads end and give their memory back; the next build starts new ones.
   * Default: 15 minutes, longer than the portal waits between two looks at all docs
   */
  readonly idleMilliseconds?: number;
  /** Draws diagrams, in this thread; undefined shows their source. */
  readonly diagrams?: DiagramDrawer;
}

interface PendingBuild {
  readonly id: string;
  readonly request: BuildRequest;
  readonly resolve: (report: BuildReport) => void;
  readonly reject: (error: Error) => void;
  /** Aborted when the build has ended. */
  readonly ended: AbortController;
  attempts: number;
  since: number;
}

interface Thread {
  readonly worker: Worker;
  readonly activity: Activity;
  readonly builds: Set<string>;
}

const WATCH_MILLISECONDS = 500;
const MAX_ATTEMPTS = 2;
const GRACE_MILLISECONDS = 5000;
const IDLE_MILLISECONDS = 15 * 60_000;

/**
 * Threads that build sites. Sites take turns page by page, so that none waits for a large one; the pages of one site are
 * shared among all threads. A page that does not end, or takes all memory, costs its own site only: the threads are
 * replaced and the others' builds start again.
 */
export class RenderPool {
  readonly #options: RenderPoolOptions;
  readonly #pending = new Map<string, PendingBuild>();
  #threads: Thread[] = [];
  #watch?: NodeJS.Timeout;
  #folder?: string;
  #removeFolder: () => void = () => {};
  #closed = false;
  #idle?: NodeJS.Timeout;

  constructor(options: RenderPoolOptions = {}) {
    this.#options = options;
  }

  /**
   * Builds a site in the pool.
   *
   * @throws DocsBuildError as {@link buildSite}; an AbortError when the signal is aborted.
   */
  async build(
    request: BuildRequest,
    signal?: AbortSignal,
  ): Promise<BuildReport> {
    signal?.throwIfAborted();
    if (this.#closed) throw new Error('The renderer has been stopped');
    clearTimeout(this.#idle);
    if (this.#threads.length === 0) this.#start();
    const id = randomUUID();
    const ended = new AbortController();
    const cancel = () => {
      for (const thread of this.#threads) {
        if (thread.builds.has(id)) this.#send(thread, { type: 'cancel', id });
      }
    };
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      const report = await new Promise<BuildReport>((resolve, reject) => {
        const build: PendingBuild = {
          id,
          request: { ...request, job: id },
          resolve,
          reject,
          ended,
          attempts: 0,
          since: Date.now(),
        };
        this.#pending.set(id, build);
        this.#assign(build);
      });
      // A thread that was busy to the end has not heard of it
      signal?.throwIfAborted();
      return report;
    } finally {
      signal?.removeEventListener('abort', cancel);
      this.#pending.delete(id);
      ended.abort();
      this.#releaseLater();
    }
  }

  /** Number of threads that run now. */
  get threads(): number {
    return this.#threads.length;
  }

  /** Ends all threads. Builds that are under way fail. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#idle);
    for (const build of this.#pending.values()) {
      build.reject(new Error('The renderer has been stopped'));
    }
    await this.#endThreads();
  }

  #releaseLater(): void {
    if (this.#closed || this.#pending.size > 0) return;
    clearTimeout(this.#idle);
    this.#idle = setTimeout(
      () => void this.#endThreads(),
      this.#options.idleMilliseconds ?? IDLE_MILLISECONDS,
    );
    this.#idle.unref();
  }

  /** Ends the threads, and removes the pages that they kept. */
  async #endThreads(): Promise<void> {
    const threads = this.#threads;
    const removeFolder = this.#removeFolder;
    this.#threads = [];
    this.#folder = undefined;
    clearInterval(this.#watch);
    this.#watch = undefined;
    await Promise.all(threads.map(thread => thread.worker.terminate()));
    process.off('exit', removeFolder);
    removeFolder();
  }

  #start(): void {
    const { threads = defaultThreads(), cacheBytes = 32 * 1024 * 1024 } =
      this.#options;
    const file = require.resolve('@waystone/docs-renderer/worker');
    this.#threads = Array.from({ length: threads }, () => {
      const activity = new Activity();
      const workerData: WorkerSettings = {
        activity: activity.buffer,
        cacheBytes,
        keepFolder: fs.mkdtempSync(path.join(this.#keepFolder(), 'thread-')),
        diagramTypes: this.#options.diagrams?.types ?? [],
      };
      const worker = new Worker(file, {
        workerData,
        execArgv: argumentsFor(file),
        // Nothing of a page is ever run; still the threads need none of the portal's secrets
        env: {
          NODE_ENV: process.env.NODE_ENV ?? 'production',
          HOME: process.env.HOME ?? '/',
        },
        resourceLimits: {
          maxOldGenerationSizeMb: this.#options.memoryMegabytes ?? 256,
          maxYoungGenerationSizeMb: 32,
        },
      });
      const thread: Thread = { worker, activity, builds: new Set() };
      worker.on('message', (message: FromWorker) =>
        message.type === 'draw'
          ? void this.#draw(thread, message)
          : this.#finish(thread, message),
      );
      worker.on('error', (error: Error) => this.#replace(thread, error));
      worker.on('exit', () => this.#replace(thread, new Error('ended')));
      worker.unref();
      return thread;
    });
    this.#connect();
    this.#watch ??= setInterval(() => this.#check(), WATCH_MILLISECONDS);
    this.#watch.unref();
  }

  /** TechDocs builds in the same place, so that pages can be linked instead of copied. */
  #keepFolder(): string {
    if (!this.#folder) {
      const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'waystone-docs-'));
      this.#folder = folder;
      this.#removeFolder = () =>
        fs.rmSync(folder, { recursive: true, force: true });
      process.once('exit', this.#removeFolder);
    }
    return this.#folder;
  }

  /** Gives each thread a port to the renderer of every other. */
  #connect(): void {
    for (const from of this.#threads) {
      const ports = this.#threads.flatMap(to => {
        if (to === from) return [];
        const { port1, port2 } = new MessageChannel();
        const serve: ToWorker = { type: 'serve', port: port2 };
        to.worker.postMessage(serve, [port2]);
        return [port1];
      });
      const peers: ToWorker = { type: 'peers', ports };
      from.worker.postMessage(peers, ports);
    }
  }

  #assign(build: PendingBuild): void {
    const [thread] = [...this.#threads].sort(
      (a, b) => a.builds.size - b.builds.size,
    );
    thread.builds.add(build.id);
    thread.worker.ref();
    this.#send(thread, {
      type: 'build',
      id: build.id,
      request: build.request,
    });
  }

  #send(thread: Thread, message: ToWorker): void {
    thread.worker.postMessage(message);
  }

  async #draw(
    thread: Thread,
    { id, call, diagram }: Extract<FromWorker, { readonly type: 'draw' }>,
  ): Promise<void> {
    const build = this.#pending.get(id);
    const { diagrams } = this.#options;
    if (!build || !diagrams) return;
    let outcome: DiagramOutcome;
    try {
      outcome = await diagrams.draw(diagram, build.ended.signal);
    } catch {
      // As in a build without threads: what is thrown is not for authors
      outcome = {
        problem: 'it could not be drawn',
        fix: 'Build the docs again later.',
      };
    }
    this.#send(thread, { type: 'drawn', call, outcome });
  }

  #finish(
    thread: Thread,
    message: Exclude<FromWorker, { readonly type: 'draw' }>,
  ): void {
    thread.builds.delete(message.id);
    if (thread.builds.size === 0) thread.worker.unref();
    const build = this.#pending.get(message.id);
    if (!build) return;
    if (message.type === 'done') build.resolve(message.report);
    else if (message.problems) {
      build.reject(new DocsBuildError(message.message, message.problems));
    } else build.reject(new Error(message.message));
  }

  /** Finds pages and sites that do not end. */
  #check(): void {
    for (const build of this.#pending.values()) {
      const limit =
        build.request.limits?.siteMilliseconds ??
        DEFAULT_SITE_LIMITS.siteMilliseconds;
      // A thread that still answers has ended the build itself by then
      if (Date.now() - build.since > limit + GRACE_MILLISECONDS) {
        this.#fail(
          build.id,
          `The site was not finished after ${limit / 1000} seconds.`,
          'mkdocs.yml',
        );
        this.#restart();
        return;
      }
    }
    for (const thread of this.#threads) {
      const current = thread.activity.current();
      if (!current) continue;
      const [id, page] = current.name.split('\n');
      const limit =
        this.#pending.get(id)?.request.limits?.pageMilliseconds ??
        DEFAULT_SITE_LIMITS.pageMilliseconds;
      if (current.milliseconds > limit) {
        this.#fail(
          id,
          `The page was not finished after ${limit / 1000} seconds.`,
          page,
        );
        this.#restart();
        return;
      }
    }
  }

  #fail(id: string, message: string, page: string): void {
    this.#pending.get(id)?.reject(
      DocsBuildError.of({
        severity: 'error',
        code: 'limit-reached',
        message,
        fix: 'Split the page, or leave it out with exclude_docs.',
        file: page,
      }),
    );
    this.#pending.delete(id);
  }

  /** A thread has ended by itself: out of memory, or a fault of ours. */
  #replace(thread: Thread, error: Error): void {
    if (this.#closed || !this.#threads.includes(thread)) return;
    const current = thread.activity.current();
    if (current) {
      const [id, page] = current.name.split('\n');
      this.#fail(
        id,
        /memory/i.test(error.message)
          ? 'The page takes more memory than it may.'
          : `The page stopped the renderer: ${error.message}.`,
        page,
      );
    }
    this.#restart();
  }

  /** Ends all threads, starts new ones and gives them the builds that were under way. */
  #restart(): void {
    const old = this.#threads;
    this.#threads = [];
    for (const thread of old) void thread.worker.terminate();
    const left = [...this.#pending.values()];
    if (left.length > 0) this.#start();
    for (const build of left) {
      if (++build.attempts >= MAX_ATTEMPTS) {
        build.reject(new Error('The renderer had to be started again twice'));
        this.#pending.delete(build.id);
      } else {
        build.since = Date.now();
        this.#assign(build);
      }
    }
  }
}

function defaultThreads(): number {
  return Math.max(1, Math.min(2, os.availableParallelism() - 1));
}

/** In the repository a thread runs TypeScript. */
function argumentsFor(file: string): string[] | undefined {
  return file.endsWith('.ts')
    ? ['--require', path.join(path.dirname(file), 'runTypeScript.cjs')]
    : undefined;
}
