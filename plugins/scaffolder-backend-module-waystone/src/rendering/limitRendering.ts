import { createRequire } from 'node:module';

/**
 * What one file or one text of a template may take. With Nunjitsu's own limits one file holds the process up for a second, and
 * with a filter on long texts for a minute.
 */
const LIMITS = {
  sourceCodeUnits: 512 * 1024,
  astNodes: 10_000,
  workUnits: 10_000,
  nestingDepth: 100,
  outputCodeUnits: 1024 * 1024,
  scratchBytes: 16 * 1024,
  capabilityCalls: 256,
};

/** What all files of one step may take together, in milliseconds of processor time: a busy machine is not the template's fault. */
const MOST_MS = 3_000;

/** The parser's time grows with the number of tags times the characters. */
const MOST_TAGS_TIMES_CHARACTERS = 20_000_000;

/** A text that is longer is not made a list of its characters. */
const LONGEST_LIST = 1_000;

/** In place of built-in filters that take much longer than they are charged for. */
const slowFilters = {
  list: (value: unknown) => {
    if (typeof value === 'string') {
      if (value.length > LONGEST_LIST) {
        throw new Error(
          `A text of more than ${LONGEST_LIST} characters is no list`,
        );
      }
      return [...value];
    }
    return Array.isArray(value) || typeof value !== 'object' || value === null
      ? value
      : Object.entries(value).map(([key, part]) => ({ key, value: part }));
  },
  urlize: () => {
    throw new Error('The filter urlize is not available');
  },
};

interface RendererOptions {
  readonly filters?: Readonly<Record<string, unknown>>;
  readonly allowRegexExecution?: boolean;
}

interface Renderer {
  prepareContext(context?: unknown): unknown;
  render(source: string, context?: unknown, options?: object): string;
  renderValue(source: string, context?: unknown, options?: object): unknown;
}

interface Nunjitsu {
  createTemplateRenderer(options?: RendererOptions): Renderer;
}

const limited = new WeakSet<Nunjitsu>();

/**
 * Has the scaffolder render templates within tight limits, and without running regular expressions.
 *
 * @remarks
 * The scaffolder renders in the thread that answers everybody else, with limits that it does not let anybody set. Therefore
 * this replaces the function by which it makes renderers, once for the whole process. Regular expressions are native code that
 * nothing can stop, and are off.
 */
export function limitRendering(): void {
  const nunjitsu = loadNunjitsu();
  if (limited.has(nunjitsu)) {
    return;
  }
  limited.add(nunjitsu);
  const create = nunjitsu.createTemplateRenderer;
  nunjitsu.createTemplateRenderer = options => {
    const renderer = create({
      ...options,
      filters: { ...slowFilters, ...options?.filters },
      allowRegexExecution: false,
    });
    let spent = 0;
    const measure = <T>(render: () => T): T => {
      if (spent > MOST_MS) {
        throw new Error(
          `The template takes more than ${MOST_MS / 1000} s to render`,
        );
      }
      const start = process.threadCpuUsage();
      try {
        return render();
      } finally {
        const { system, user } = process.threadCpuUsage(start);
        spent += (system + user) / 1000;
      }
    };
    return {
      prepareContext: context => renderer.prepareContext(context),
      render: (source, context) =>
        // A lock file or a picture has none, and need not be parsed
        countTags(source) === 0
          ? source
          : measure(() => renderer.render(source, context, { limits: LIMITS })),
      renderValue: (source, context) => {
        countTags(source);
        return measure(() =>
          renderer.renderValue(source, context, { limits: LIMITS }),
        );
      },
    };
  };
}

function countTags(source: string): number {
  const tags = source.match(/\{[{%#]/g)?.length ?? 0;
  if (tags * source.length > MOST_TAGS_TIMES_CHARACTERS) {
    throw new Error(
      `The template has ${tags} expressions in ${source.length} characters, which takes too long to read`,
    );
  }
  return tags;
}

/** The very module that the scaffolder uses. */
function loadNunjitsu(): Nunjitsu {
  const scaffolder = require.resolve(
    '@backstage/plugin-scaffolder-backend/package.json',
  );
  return createRequire(scaffolder)('nunjitsu');
}
