import { watch, type FSWatcher } from 'node:fs';
import fs from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import {
  buildSite,
  DocsBuildError,
  MemoryRenderer,
  type DiagramDrawer,
  type DocsProblem,
  type SitePlan,
} from '@waystone/docs-renderer';
import { formatForPeople } from './formatProblems';

export interface PreviewServerOptions {
  readonly root: string;
  readonly host: string;
  /** 0 for a free one. */
  readonly port: number;
  /** Draws what the browser does not; undefined shows the source. */
  readonly diagrams?: DiagramDrawer;
  readonly log: (text: string) => void;
}

const EVENTS = '/__waystone/changes';
/** Editors write a file in several steps. */
const SETTLE_MILLISECONDS = 15;
const IGNORED = /(?:^|\/)(?:node_modules|\.git|site)(?:\/|$)/;

const RELOAD = `<script>new EventSource('${EVENTS}').onmessage = () => location.reload();</script>\n`;

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.gif': 'image/gif',
  '.html': 'text/html; charset=utf-8',
  '.jpeg': 'image/jpeg',
  '.jpg': 'image/jpeg',
  '.json': 'application/json',
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.webp': 'image/webp',
};

/** Shows a site from memory, builds it again when a file changes, and has open pages reload. */
export class PreviewServer {
  readonly #options: PreviewServerOptions;
  readonly #renderer = new MemoryRenderer();
  readonly #listeners = new Set<http.ServerResponse>();
  readonly #server: http.Server;
  #watcher?: FSWatcher;
  #timer?: NodeJS.Timeout;
  #plan?: SitePlan;
  #error?: DocsBuildError;
  #building: Promise<void> = Promise.resolve();

  static async start(options: PreviewServerOptions): Promise<PreviewServer> {
    const server = new PreviewServer(options);
    await server.#build();
    await new Promise<void>((resolve, reject) => {
      server.#server.once('error', reject);
      server.#server.listen(options.port, options.host, resolve);
    });
    server.#watch();
    return server;
  }

  private constructor(options: PreviewServerOptions) {
    this.#options = options;
    this.#server = http.createServer((request, response) => {
      this.#answer(request, response).catch(error => {
        response.writeHead(500, { 'content-type': 'text/plain' });
        response.end(String(error));
      });
    });
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://${this.#options.host}:${port}/`;
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#watcher?.close();
    for (const listener of this.#listeners) listener.end();
    await this.#building;
    this.#server.closeAllConnections();
    await new Promise(resolve => this.#server.close(resolve));
  }

  #watch(): void {
    this.#watcher = watch(
      this.#options.root,
      { recursive: true },
      (_event, name) => {
        if (name && IGNORED.test(name.split(path.sep).join('/'))) return;
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => {
          this.#building = this.#building
            .then(() => this.#build())
            .then(() => {
              for (const listener of this.#listeners) {
                listener.write('data: changed\n\n');
              }
            });
        }, SETTLE_MILLISECONDS);
      },
    );
  }

  async #build(): Promise<void> {
    const { root, log, diagrams } = this.#options;
    const begin = performance.now();
    let problems: readonly DocsProblem[];
    try {
      const report = await buildSite({
        root,
        renderer: this.#renderer,
        footer: RELOAD,
        diagrams,
        onPlanned: plan => {
          this.#plan = plan;
        },
      });
      this.#error = undefined;
      problems = report.problems;
    } catch (error) {
      if (!(error instanceof DocsBuildError)) throw error;
      this.#error = error;
      problems = error.problems;
    }
    log(
      `${formatForPeople(problems)}Built in ${Math.round(
        performance.now() - begin,
      )} ms`,
    );
  }

  async #answer(
    request: http.IncomingMessage,
    response: http.ServerResponse,
  ): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    if (pathname === EVENTS) {
      response.writeHead(200, {
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
      });
      response.write(':\n\n');
      this.#listeners.add(response);
      request.on('close', () => this.#listeners.delete(response));
      return;
    }
    const wanted = safeDecode(pathname).replace(/^\/+/, '');
    const found = await this.#find(wanted);
    response.writeHead(found ? 200 : 404, {
      'content-type': found?.type ?? 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    response.end(found?.body ?? 'There is no such page.');
  }

  async #find(
    wanted: string,
  ): Promise<
    { readonly type: string; readonly body: string | Buffer } | undefined
  > {
    const plan = this.#plan;
    const html = TYPES['.html'];
    if (this.#error || !plan) {
      const text = formatForPeople(this.#error?.problems ?? []);
      return {
        type: html,
        body: `<!doctype html><meta charset="utf-8"><title>Not built</title><pre>${text
          .replace(/&/g, '&amp;')
          .replace(/</g, '&lt;')}</pre>${RELOAD}`,
      };
    }
    if (wanted === `assets/stylesheets/${plan.styleSheet.name}`) {
      return { type: TYPES['.css'], body: plan.styleSheet.text };
    }
    const outputs = [wanted, path.posix.join(wanted, 'index.html')];
    const page = plan.pages.find(candidate =>
      outputs.includes(candidate.output),
    );
    if (page) {
      const body = this.#renderer.preview(
        { ...plan.context, outputDir: '' },
        page,
      );
      return body === undefined ? undefined : { type: html, body };
    }
    const picture = plan.pictures.get(wanted);
    if (picture !== undefined) return { type: TYPES['.svg'], body: picture };
    const file = plan.files.find(candidate => candidate.path === wanted);
    const type = TYPES[path.extname(wanted).toLowerCase()];
    if (!file || !type) return undefined;
    return {
      type,
      body: await fs.readFile(path.join(this.#options.root, file.source)),
    };
  }
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Not an encoding
    return text;
  }
}
