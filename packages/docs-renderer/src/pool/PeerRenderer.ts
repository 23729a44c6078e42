import type { MessagePort } from 'node:worker_threads';
import type {
  PageSource,
  PageSummary,
  RenderContext,
} from '../page/RenderedPage';
import type {
  PageRenderer,
  PageToWrite,
  WriteContext,
  WrittenPage,
} from './SiteRenderer';

type Call = {
  [Name in keyof PageRenderer]: {
    readonly method: Name;
    readonly args: Parameters<PageRenderer[Name]>;
  };
}[keyof PageRenderer];

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
    sources: readonly PageSource[],
  ): Promise<readonly PageSummary[]> {
    return this.#call({ method: 'render', args: [job, context, sources] });
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
  port.on('message', async (request: Request) => {
    let answer: Answer;
    try {
      const method = renderer[request.method].bind(renderer) as (
        ...args: unknown[]
      ) => Promise<unknown>;
      answer = { id: request.id, result: await method(...request.args) };
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
    sources: readonly PageSource[],
  ): Promise<readonly PageSummary[]> {
    const parts = this.#share(sources);
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
