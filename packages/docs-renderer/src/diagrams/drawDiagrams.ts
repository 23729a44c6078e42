import type { DocsProblem } from '../diagnostics/DocsProblem';
import { cleanSvg } from '../html/cleanSvg';
import type { PageDiagram, PageSummary } from '../page/RenderedPage';
import type { SiteOutput } from '../site/SiteOutput';
import type { DiagramDrawer, DiagramOutcome } from './DiagramDrawer';
import { diagramFile } from './diagramMarks';

/** Diagrams of one site that are drawn; of the others the source is shown. */
const MAX_DIAGRAMS = 1000;
/** Diagrams of one site that are asked for at the same time. */
const PARALLEL = 4;

export interface DrawDiagramsOptions {
  readonly drawer: DiagramDrawer;
  /** Where the pictures go; undefined only checks that they can be drawn. */
  readonly output?: SiteOutput;
  readonly signal: AbortSignal;
  /** For all diagrams together, so that a slow server does not cost the site. */
  readonly milliseconds: number;
  readonly fileOf: (page: string) => string;
}

export interface DrawnDiagrams {
  readonly keys: ReadonlySet<string>;
  /** Path inside the site to picture, where there is no output folder to write them to. */
  readonly pictures: ReadonlyMap<string, string>;
  readonly problems: readonly DocsProblem[];
}

/** Of a site without diagrams. */
export const NOTHING_DRAWN: DrawnDiagrams = {
  keys: new Set(),
  pictures: new Map(),
  problems: [],
};

type Failure = Extract<DiagramOutcome, { readonly problem: string }>;

const TOO_MANY: Failure = {
  problem: `the site has more than ${MAX_DIAGRAMS} diagrams`,
  fix: 'Put images of the others beside their pages.',
};

/** Has the diagrams of a site drawn, each once. A diagram that cannot be drawn is a problem of its page, not of the site. */
export async function drawDiagrams(
  pages: ReadonlyMap<string, PageSummary>,
  options: DrawDiagramsOptions,
): Promise<DrawnDiagrams> {
  const diagrams = new Map<string, PageDiagram>();
  for (const page of pages.values()) {
    for (const diagram of page.diagrams) diagrams.set(diagram.key, diagram);
  }
  if (diagrams.size === 0) return NOTHING_DRAWN;
  const keys = new Set<string>();
  const pictures = new Map<string, string>();
  const failures = new Map<string, Failure>();
  const queue = [...diagrams.values()];
  for (const left of queue.splice(MAX_DIAGRAMS)) {
    failures.set(left.key, TOO_MANY);
  }
  const late = AbortSignal.timeout(options.milliseconds);
  const signal = AbortSignal.any([options.signal, late]);
  const work = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const outcome = late.aborted
        ? tooLate(options.milliseconds)
        : await drawOne(next, options, signal);
      options.signal.throwIfAborted();
      if ('problem' in outcome) {
        failures.set(
          next.key,
          late.aborted ? tooLate(options.milliseconds) : outcome,
        );
        continue;
      }
      keys.add(next.key);
      const file = diagramFile(next.key);
      if (options.output) await options.output.write(file, outcome.svg);
      else pictures.set(file, outcome.svg);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
  return {
    keys,
    pictures,
    problems: [...pages.values()].flatMap(page =>
      page.diagrams.flatMap(({ key, line }): DocsProblem[] => {
        const failure = failures.get(key);
        return failure
          ? [
              {
                severity: 'warning',
                code: 'diagram-failed',
                message: `The diagram is shown as its source: ${failure.problem}.`,
                fix: failure.fix,
                file: options.fileOf(page.path),
                line,
              },
            ]
          : [];
      }),
    ),
  };
}

function tooLate(milliseconds: number): Failure {
  return {
    problem: `all diagrams of the site together took longer than ${
      milliseconds / 1000
    } seconds`,
    fix: 'Build the docs again; what is drawn already is not drawn again.',
  };
}

async function drawOne(
  diagram: PageDiagram,
  { drawer }: DrawDiagramsOptions,
  signal: AbortSignal,
): Promise<DiagramOutcome> {
  const { type, source } = diagram;
  let outcome: DiagramOutcome;
  try {
    outcome = await drawer.draw({ type, source }, signal);
  } catch {
    // A drawer says what is wrong; what it throws may tell an author more than is theirs to know
    return {
      problem: 'it could not be drawn',
      fix: 'Build the docs again later.',
    };
  }
  if ('problem' in outcome) return outcome;
  const svg = cleanSvg(outcome.svg).trim();
  return /^<svg[\s>]/.test(svg)
    ? { svg }
    : {
        problem: 'the answer of the diagram server is no SVG image',
        fix: 'Ask the platform team to check the diagram server.',
      };
}
