import { createHash } from 'node:crypto';
import type { LoggerService } from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import {
  KROKI_TYPES,
  PLANTUML_TYPES,
  type Diagram,
  type DiagramDrawer,
  type DiagramOutcome,
} from '@waystone/docs-renderer';
import {
  createUpstreamHttp,
  UpstreamError,
  type UpstreamHttp,
} from '@waystone/integrations';
import type { DiagramsConfig } from '../config/readNativeDocsConfig';
import type { DiagramStore } from './DiagramStore';
import { Turns } from './Turns';

interface Server {
  readonly http: UpstreamHttp;
  readonly url: string;
  /** Below the server's address. */
  readonly pathOf: (type: string) => string;
}

export interface DiagramServersOptions {
  readonly config: DiagramsConfig;
  readonly store: DiagramStore;
  readonly logger: LoggerService;
}

/** What a Kroki server says of the diagram, shown to its author. */
const LONGEST_REASON = 200;

/**
 * Has diagrams drawn by the servers that the operator has named. A page names the language only, which is looked up; it
 * can neither choose a server nor a path.
 *
 * https://docs.kroki.io/kroki/setup/usage/
 */
export class DiagramServers implements DiagramDrawer {
  readonly types: readonly string[];
  readonly #options: DiagramServersOptions;
  readonly #servers: ReadonlyMap<string, Server>;
  readonly #turns: Turns;

  constructor(options: DiagramServersOptions) {
    const { kroki, plantuml, concurrency } = options.config;
    const servers = new Map<string, Server>();
    if (kroki) {
      const server: Server = {
        http: this.#connect('kroki', kroki, options),
        url: kroki,
        pathOf: type => `/${type}/svg`,
      };
      for (const type of KROKI_TYPES) servers.set(type, server);
    }
    if (plantuml) {
      const server: Server = {
        http: this.#connect('plantuml', plantuml, options),
        url: plantuml,
        pathOf: () => '/svg',
      };
      for (const type of PLANTUML_TYPES) servers.set(type, server);
    }
    this.#options = options;
    this.#servers = servers;
    this.#turns = new Turns(concurrency);
    this.types = [...servers.keys()];
  }

  async draw(diagram: Diagram, signal: AbortSignal): Promise<DiagramOutcome> {
    const { config, store, logger } = this.#options;
    const server = this.#servers.get(diagram.type);
    if (!server) {
      return {
        problem: `no server draws "${diagram.type}"`,
        fix: 'Use another language, or put an image beside the page.',
      };
    }
    if (Buffer.byteLength(diagram.source) > config.sourceBytes) {
      return {
        problem: `its source is larger than ${config.sourceBytes} bytes`,
        fix: 'Split the diagram, or put an image of it beside the page.',
      };
    }
    const key = createHash('sha256')
      .update(`${server.url}\0${diagram.type}\0${diagram.source}`)
      .digest('hex');
    try {
      const known = await store.find(key);
      if (known !== undefined) return { svg: known };
      const svg = await this.#turns.run(signal, () =>
        server.http.text({
          operation: 'draw-diagram',
          method: 'POST',
          path: server.pathOf(diagram.type),
          body: diagram.source,
          headers: {
            'content-type': 'text/plain; charset=utf-8',
            // Who asks for pictures first is answered what is wrong as a picture, too
            accept: 'text/plain, image/svg+xml;q=0.9',
          },
          idempotent: true,
          timeoutMs: config.timeoutMilliseconds,
          firstByteTimeoutMs: config.timeoutMilliseconds,
          maxBytes: config.answerBytes,
          signal,
        }),
      );
      // What is no picture is asked for again
      if (svg.includes('<svg')) await store.put(key, svg);
      return { svg };
    } catch (error) {
      if (!signal.aborted) {
        logger.warn('A diagram could not be drawn', toError(error));
      }
      return explain(error, config);
    }
  }

  async close(): Promise<void> {
    const clients = new Set(
      [...this.#servers.values()].map(({ http }) => http),
    );
    await Promise.all([...clients].map(http => http.close()));
  }

  #connect(
    system: string,
    baseUrl: string,
    { config, logger }: DiagramServersOptions,
  ): UpstreamHttp {
    return createUpstreamHttp({
      system,
      instance: 'diagrams',
      baseUrl,
      logger,
      limits: { inFlight: config.concurrency, attempts: 2 },
    });
  }
}

/** Changes when other servers draw, so that the docs are built again; undefined when none does. */
export function versionOf({
  kroki,
  plantuml,
}: DiagramsConfig): string | undefined {
  if (!kroki && !plantuml) return undefined;
  return createHash('sha256')
    .update(JSON.stringify([kroki, plantuml]))
    .digest('hex')
    .slice(0, 8);
}

/** In an author's words, without the server's address. */
function explain(error: unknown, config: DiagramsConfig): DiagramOutcome {
  const again =
    'Build the docs again later. If it stays so, tell the platform team.';
  if (!(error instanceof UpstreamError)) {
    return { problem: 'it could not be drawn', fix: again };
  }
  const { code, status } = error;
  if (code === 'invalid') {
    const reason = error.reason
      .replace(/^(?:Error 400:|it answered \d+)\s*/, '')
      .slice(0, LONGEST_REASON);
    return {
      problem: `the diagram server answered ${status}${
        reason && `: ${reason}`
      }`,
      fix: 'Correct the source of the diagram.',
    };
  }
  if (status !== undefined) {
    return { problem: `the diagram server answered ${status}`, fix: again };
  }
  switch (code) {
    case 'timeout':
      return {
        problem: `the diagram server did not answer within ${
          config.timeoutMilliseconds / 1000
        } seconds`,
        fix: 'Make the diagram smaller, or build the docs again later.',
      };
    case 'too-large':
      return {
        problem: `its picture is larger than ${config.answerBytes} bytes`,
        fix: 'Split the diagram.',
      };
    case 'unreachable':
    case 'breaker-open':
      return { problem: 'the diagram server cannot be reached', fix: again };
    default:
      return { problem: 'the diagram server did not draw it', fix: again };
  }
}
