import type { DocsProblem } from '@waystone/docs-renderer';

/** `file:line:column`, with what is known of it. */
export function placeOf(problem: DocsProblem): string {
  return [problem.file, problem.line, problem.column]
    .filter(part => part !== undefined)
    .join(':');
}

/** Problems for people: by file, with what to do. */
export function formatForPeople(problems: readonly DocsProblem[]): string {
  return problems
    .map(
      problem =>
        `${placeOf(problem)}  ${problem.severity}  ${problem.message}\n    ${
          problem.fix
        }  [${problem.code}]\n`,
    )
    .join('');
}

const LEVELS = { error: 'error', warning: 'warning', info: 'notice' } as const;

/**
 * Problems as GitHub's workflow commands, which show them at their lines in a pull request.
 *
 * @param folder - Way from the repository to the folder of the docs.
 */
export function formatForGitHub(
  problems: readonly DocsProblem[],
  folder: string,
): string {
  const data = (text: string) =>
    text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
  const property = (text: string) =>
    data(text).replace(/:/g, '%3A').replace(/,/g, '%2C');
  const prefix = folder === '' || folder === '.' ? '' : `${folder}/`;
  return problems
    .map(problem => {
      const properties = [
        `file=${property(prefix + problem.file)}`,
        problem.line !== undefined && `line=${problem.line}`,
        problem.column !== undefined && `col=${problem.column}`,
        `title=${property(problem.code)}`,
      ].filter(Boolean);
      return `::${LEVELS[problem.severity]} ${properties.join(',')}::${data(
        `${problem.message} ${problem.fix}`,
      )}\n`;
    })
    .join('');
}
