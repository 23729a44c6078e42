import type {
  Diagram,
  DiagramDrawer,
  DiagramOutcome,
} from '../diagrams/DiagramDrawer';
import type { FromWorker } from './messages';

/** Has the pool draw the diagrams of a thread's builds: threads themselves ask nobody. */
export class PoolDrawer {
  readonly #types: readonly string[];
  readonly #post: (message: FromWorker) => void;
  readonly #waiting = new Map<number, (outcome: DiagramOutcome) => void>();
  #next = 0;

  constructor(options: {
    readonly types: readonly string[];
    readonly post: (message: FromWorker) => void;
  }) {
    this.#types = options.types;
    this.#post = options.post;
  }

  /** The drawer of one build; undefined when nothing is drawn. */
  forBuild(id: string): DiagramDrawer | undefined {
    if (this.#types.length === 0) return undefined;
    return {
      types: this.#types,
      draw: (diagram, signal) => this.#draw(id, diagram, signal),
    };
  }

  /** Takes an answer of the pool. */
  drawn(call: number, outcome: DiagramOutcome): void {
    this.#waiting.get(call)?.(outcome);
  }

  #draw(
    id: string,
    diagram: Diagram,
    signal: AbortSignal,
  ): Promise<DiagramOutcome> {
    const call = this.#next++;
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(signal.reason);
        return;
      }
      const abort = () => {
        this.#waiting.delete(call);
        reject(signal.reason);
      };
      signal.addEventListener('abort', abort, { once: true });
      this.#waiting.set(call, outcome => {
        this.#waiting.delete(call);
        signal.removeEventListener('abort', abort);
        resolve(outcome);
      });
      this.#post({ type: 'draw', id, call, diagram });
    });
  }
}
