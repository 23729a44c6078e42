import {
  KROKI_TYPES,
  type Diagram,
  type DiagramDrawer,
  type DiagramOutcome,
} from '@waystone/docs-renderer';
import { UsageError } from '../Command';

const TIMEOUT_MILLISECONDS = 10_000;
const MAX_BYTES = 2 * 1024 ** 2;
const LONGEST_REASON = 200;

/** For the help of commands that draw. */
export const KROKI_HELP = `  --kroki <address>   Kroki server that draws PlantUML, Graphviz and other diagrams; it sees their source.
                      Default: none, their source is shown`;

/**
 * Has diagrams drawn by the Kroki server that the author has named. What was drawn is kept while the command runs.
 *
 * https://docs.kroki.io/kroki/setup/usage/
 */
export class KrokiDrawer implements DiagramDrawer {
  readonly types: readonly string[] = KROKI_TYPES;
  readonly #url: string;
  readonly #drawn = new Map<string, string>();

  /** @throws UsageError when the address is none. Undefined is no server. */
  static fromOption(address: string | undefined): KrokiDrawer | undefined {
    if (address === undefined) return undefined;
    const { protocol, search, hash } = URL.canParse(address)
      ? new URL(address)
      : { protocol: '' };
    if (!/^https?:$/.test(protocol) || search || hash) {
      throw new UsageError(
        `--kroki is the address of a server, such as http://localhost:8000, not "${address}".`,
      );
    }
    return new KrokiDrawer(address.replace(/\/+$/, ''));
  }

  private constructor(url: string) {
    this.#url = url;
  }

  async draw(
    { type, source }: Diagram,
    signal: AbortSignal,
  ): Promise<DiagramOutcome> {
    const key = `${type}\0${source}`;
    const known = this.#drawn.get(key);
    if (known !== undefined) return { svg: known };
    const late = AbortSignal.timeout(TIMEOUT_MILLISECONDS);
    try {
      const response = await fetch(`${this.#url}/${type}/svg`, {
        method: 'POST',
        body: source,
        headers: {
          'content-type': 'text/plain; charset=utf-8',
          // Who asks for pictures first is answered what is wrong as a picture, too
          accept: 'text/plain, image/svg+xml;q=0.9',
        },
        redirect: 'error',
        signal: AbortSignal.any([signal, late]),
      });
      const text = await readText(response);
      if (text === undefined) {
        return {
          problem: `its picture is larger than ${MAX_BYTES} bytes`,
          fix: 'Split the diagram.',
        };
      }
      if (!response.ok) return refused(response.status, text);
      this.#drawn.set(key, text);
      return { svg: text };
    } catch {
      return {
        problem: late.aborted
          ? `the diagram server did not answer within ${
              TIMEOUT_MILLISECONDS / 1000
            } seconds`
          : 'the diagram server cannot be reached',
        fix: 'Check the address that --kroki names, and that the server runs.',
      };
    }
  }
}

function refused(status: number, text: string): DiagramOutcome {
  const [reason] = text.replace(/^Error \d+:\s*/, '').split('\n');
  return {
    problem: `the diagram server answered ${status}${
      status === 400 ? `: ${reason.slice(0, LONGEST_REASON)}` : ''
    }`,
    fix:
      status === 400
        ? 'Correct the source of the diagram.'
        : 'Check the diagram server.',
  };
}

/** Text of an answer; undefined when it is too large. */
async function readText(response: Response): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
