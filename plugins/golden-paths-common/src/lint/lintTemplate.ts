import { findRegexProblem } from './findRegexProblem';

/** Something that is wrong with a template. @public */
export interface TemplateProblem {
  /** Such as `spec.steps[0].input.url`. */
  readonly field: string;
  readonly rule: 'action' | 'filter' | 'loop' | 'path' | 'regex';
  readonly message: string;
}

/** @public */
export interface LintOptions {
  /** Ids of actions that templates may use; `x:*` for all that begin with `x:`. */
  readonly actions?: readonly string[];
  /** Names of filters beside those of Nunjucks and the scaffolder. */
  readonly filters?: readonly string[];
}

/** Actions that make nothing outside the workspace, or say in an inventory what they make. @public */
export const standardActions: readonly string[] = [
  'catalog:fetch',
  'catalog:register',
  'catalog:write',
  'debug:log',
  'fetch:plain',
  'fetch:plain:file',
  'fetch:template',
  'fetch:template:file',
  'fs:delete',
  'fs:read',
  'fs:rename',
  'notification:send',
  'waystone:*',
];

const FILTERS = new Set(
  (
    'abs batch capitalize center default d dictsort dump e escape first float forceescape groupby indent int join last ' +
    'length list lower nl2br pick parseEntityRef parseRepoUrl projectSlug random reject rejectattr replace reverse round ' +
    'safe select selectattr slice sort string striptags sum title trim truncate upper urlencode urlize wordcount'
  ).split(' '),
);

/** Rounds of a loop that are taken for a mistake, or worse. */
const MOST_ROUNDS = 10_000;

/** What the form says instead of `pattern`: a text, unless `errorMessage` is a property of that name. */
const ERROR_MESSAGE = /(?<!\.properties)\.errorMessage\.pattern$/;

/** Inputs that name files or folders. */
const PATHS = /(?:path|file|folder|directory|url|from|to)s?$/i;

/**
 * Finds what a template must not have: regular expressions that can take for ever, filters that do not exist, actions that
 * are not allowed, paths that lead out of the workspace, and loops that do not end.
 *
 * @param template - a Template entity, as it was written
 *
 * @public
 */
export function lintTemplate(
  template: unknown,
  options: LintOptions = {},
): TemplateProblem[] {
  const problems: TemplateProblem[] = [];
  const { spec } = (template ?? {}) as {
    spec?: { parameters?: unknown; secrets?: unknown; steps?: unknown };
  };
  for (const [part, schema] of Object.entries({
    parameters: spec?.parameters,
    secrets: spec?.secrets,
  })) {
    visit(schema, `spec.${part}`, (value, field, key) => {
      if (ERROR_MESSAGE.test(field)) {
        return;
      }
      for (const source of regexesOf(value, key)) {
        const message = findRegexProblem(source);
        if (message) {
          problems.push({ field, rule: 'regex', message });
        }
      }
    });
  }
  visit(spec, 'spec', (value, field) => {
    if (typeof value === 'string') {
      problems.push(
        ...lintText(value, options).map(found => ({ field, ...found })),
      );
    }
  });
  const allowed = options.actions ?? standardActions;
  const steps = Array.isArray(spec?.steps) ? spec.steps : [];
  for (const [index, step] of steps.entries()) {
    const field = `spec.steps[${index}]`;
    const { action, each, input } = (step ?? {}) as Record<string, unknown>;
    if (typeof action !== 'string' || !isAllowed(action, allowed)) {
      problems.push({
        field: `${field}.action`,
        rule: 'action',
        message: `The action '${action}' is not allowed. Allowed are: ${allowed.join(
          ', ',
        )}`,
      });
    }
    visit({ each, input }, field, (value, place) => {
      const named = place.includes('.each') || PATHS.test(withoutIndex(place));
      if (typeof value === 'string' && named && leadsOut(value)) {
        problems.push({
          field: place,
          rule: 'path',
          message: `'${value}' leads out of the workspace, or of the folder of the template`,
        });
      }
    });
  }
  return problems;
}

/**
 * Finds filters that do not exist, regular expressions and loops that do not end in a text, such as a file of a skeleton.
 *
 * @public
 */
export function lintText(
  text: string,
  options: Pick<LintOptions, 'filters'> = {},
): Omit<TemplateProblem, 'field'>[] {
  const problems: Omit<TemplateProblem, 'field'>[] = [];
  for (const [, variable, tag] of text.matchAll(
    /\$\{\{([^}]{0,2000})\}\}|\{%([^%]{0,2000})%\}/g,
  )) {
    const code = (variable ?? tag).replace(/'[^']*'|"[^"]*"/g, "''");
    if (/\br\//.test(code)) {
      problems.push({
        rule: 'regex',
        message:
          'Regular expressions are not run in expressions: nothing can stop one that takes for ever. Use replace with a text',
      });
    }
    for (const [, name] of code.matchAll(/\|\s*(\w+)/g)) {
      if (!FILTERS.has(name) && !options.filters?.includes(name)) {
        problems.push({
          rule: 'filter',
          message: `There is no filter '${name}'`,
        });
      }
    }
    for (const [, call] of code.matchAll(/\brange\s*\(([^)]*)\)/g)) {
      const numbers = call.split(',').map(Number);
      if (numbers.some(rounds => !(Math.abs(rounds) <= MOST_ROUNDS))) {
        problems.push({
          rule: 'loop',
          message: `range(${call}) may have more than ${MOST_ROUNDS} rounds. Use numbers, and smaller ones`,
        });
      }
    }
  }
  return problems;
}

/** The regular expressions that a keyword of JSON Schema has. */
function regexesOf(value: unknown, keyword: string): string[] {
  if (keyword === 'pattern' && typeof value === 'string') {
    return [value];
  }
  return keyword === 'patternProperties' && typeof value === 'object'
    ? Object.keys(value ?? {})
    : [];
}

function isAllowed(action: string, allowed: readonly string[]): boolean {
  return allowed.some(entry =>
    entry.endsWith(':*')
      ? action.startsWith(entry.slice(0, -1))
      : action === entry,
  );
}

function leadsOut(path: string): boolean {
  if (/^https?:\/\//.test(path)) {
    return /(?:^|\/)(?:\.|%2e){2}(?:\/|$)/i.test(path);
  }
  return (
    path.startsWith('/') ||
    /^(?:file|[a-z]):/i.test(path) ||
    path.split(/[\\/]/).includes('..')
  );
}

function withoutIndex(place: string): string {
  return place.replace(/\[\d+\]$/, '');
}

function visit(
  value: unknown,
  field: string,
  see: (value: unknown, field: string, key: string) => void,
  key = '',
): void {
  see(value, field, key);
  if (Array.isArray(value)) {
    value.forEach((item, index) => visit(item, `${field}[${index}]`, see));
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, item] of Object.entries(value)) {
      visit(item, `${field}.${name}`, see, name);
    }
  }
}
