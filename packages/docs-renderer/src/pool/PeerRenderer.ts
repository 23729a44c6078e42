import type { MessagePort } from 'node:worker_threads';
import type { PageSummary, RenderContext } from '../page/RenderedPage';
import type { DocsFile } from '../site/listFiles';
import type {
  PageRenderer,
  PageToWrite,
  WriteContext,
  WrittenPage,
} from './SiteRenderer';

type Call =
  | {
      readonly method: 'render';
      /** The context comes with the first call of a job. */
      readonly args: readonly [
        job: string,
        context: RenderContext | undefined,
        files: readonly DocsFile[],
      ];
    }
  | {
      [Name in Exclude<keyof PageRenderer, 'render'>]: {
        readonly method: Name;
        readonly args: Parameters<PageRenderer[Name]>;
      };
    }[Exclude<keyof PageRenderer, 'render'>];

type Request = Call & { readonly id: number };
type Answer =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: string };

/** The renderer of another thread. */
export class PeerRenderer implements PageRenderer {
  readonly #port: MessagePort;
  readonly #waiting = new Map<
    number,
    { resolve(value: unknown): void; reject(error: Error): void }
  >();
  /** Jobs whose context the other thread has: it names all files of a site. */
  readonly #told = new Set<string>();
  #next = 0;

  constructor(port: MessagePort) {
    this.#port = port;
    port.on('message', (answer: Answer) => {
      const waiting = this.#waiting.get(answer.id);
      this.#waiting.delete(answer.id);
      if ('error' in answer) waiting?.reject(new Error(answer.error));
      else waiting?.resolve(answer.result);
    });
    port.on('close', () => {
      for (const { reject } of this.#waiting.values()) {
        reject(new Error('The thread that rendered the page has ended'));
      }
      this.#waiting.clear();
    });
  }

  render(
    job: string,
    context: RenderContext,
    files: readonly DocsFile[],
  ): Promise<readonly PageSummary[]> {
    const told = this.#told.has(job);
    this.#told.add(job);
    return this.#call({
      method: 'render',
      args: [job, told ? undefined : context, files],
    });
  }

  write(
    job: string,
    context: WriteContext,
    pages: readonly PageToWrite[],
  ): Promise<readonly WrittenPage[]> {
    return this.#call({ method: 'write', args: [job, context, pages] });
  }

  cleanSvg(job: string, from: string, to: string): Promise<void> {
    return this.#call({ method: 'cleanSvg', args: [job, from, to] });
  }

  release(job: string): Promise<void> {
    this.#told.delete(job);
    return this.#call({ method: 'release', args: [job] });
  }

  #call<T>(call: Call): Promise<T> {
    const id = this.#next++;
    return new Promise<T>((resolve, reject) => {
      this.#waiting.set(id, {
        resolve: value => resolve(value as T),
        reject,
      });
      this.#port.postMessage({ ...call, id });
    });
  }
}

/** Answers the calls of {@link PeerRenderer}. */
export function servePeer(port: MessagePort, renderer: PageRenderer): void {
  const contexts = new Map<string, RenderContext>();
  const answerCall = (request: Request): Promise<unknown> => {
    if (request.method !== 'render') {
      if (request.method === 'release') contexts.delete(request.args[0]);
      const method = renderer[request.method].bind(renderer) as (
        ...args: unknown[]
      ) => Promise<unknown>;
      return method(...request.args);
    }
    const [job, context, files] = request.args;
    if (context) contexts.set(job, context);
    return renderer.render(job, contexts.get(job)!, files);
  };
  port.on('message', async (request: Request) => {
    let answer: Answer;
    try {
      answer = { id: request.id, result: await answerCall(request) };
    } catch (error) {
      answer = {
        id: request.id,
        error: error instanceof Error ? error.message : String(error),
      };
    }
    port.postMessage(answer);
  });
}

/**
 * Shares the pages of a site among renderers. A path always goes to the same one, so that its cache knows it.
 */
export class SharedRenderer implements PageRenderer {
  readonly #renderers: readonly PageRenderer[];

  constructor(renderers: readonly PageRenderer[]) {
    this.#renderers = renderers;
  }

  async render(
    job: string,
    context: RenderContext,
    files: readonly DocsFile[],
  ): Promise<readonly PageSummary[]> {
    const parts = this.#share(files);
    const results = await Promise.all(
      parts.map(([renderer, part]) => renderer.render(job, context, part)),
    );
    return results.flat();
  }

  async write(
    job: string,
    context: WriteContext,
    pages: readonly PageToWrite[],
  ): Promise<readonly WrittenPage[]> {
    const written = await Promise.all(
      this.#share(pages).map(([renderer, part]) =>
        renderer.write(job, context, part),
      ),
    );
    return written.flat();
  }

  async cleanSvg(job: string, from: string, to: string): Promise<void> {
    await this.#renderers[0].cleanSvg(job, from, to);
  }

  async release(job: string): Promise<void> {
    await Promise.all(this.#renderers.map(renderer => renderer.release(job)));
  }

  #share<T extends { readonly path: string }>(
    items: readonly T[],
  ): (readonly [PageRenderer, readonly T[]])[] {
    const parts = this.#renderers.map((): T[] => []);
    for (const item of items) {
      let hash = 0;
      for (let index = 0; index < item.path.length; index++) {
        hash = (hash * 31 + item.path.charCodeAt(index)) % 1_000_003;
      }
      parts[hash % parts.length].push(item);
    }
    return parts.flatMap((part, index) =>
      part.length > 0 ? [[this.#renderers[index], part] as const] : [],
    );
  }
}
