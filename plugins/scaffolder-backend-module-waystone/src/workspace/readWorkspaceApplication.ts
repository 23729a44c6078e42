import { InputError } from '@backstage/errors';
import { readApplication } from '@waystone/application-model';
import type { Application, Problem } from '@waystone/application-model';
import { readWorkspaceText } from './readWorkspaceText';

/** The application of a workspace, and what could be better. */
export interface WorkspaceApplication {
  readonly application: Application;
  readonly warnings: readonly Problem[];
}

/**
 * Reads the application of a workspace.
 *
 * @throws InputError that lists what is wrong with it, and where
 */
export async function readWorkspaceApplication(
  workspacePath: string,
  path: string,
): Promise<WorkspaceApplication> {
  const text = await readWorkspaceText(workspacePath, path);
  const { value, problems } = readApplication(text);
  if (!value) {
    throw new InputError(describeProblems(path, problems));
  }
  return { application: value, warnings: problems };
}

/** Problems for people, one a line: `deploy/application.yaml:7:3 …`. */
export function describeProblems(
  path: string,
  problems: readonly Problem[],
): string {
  return problems
    .map(({ line, column, message, suggestion, field }) =>
      [
        [path, line, column].filter(part => part !== undefined).join(':'),
        line === undefined && field !== '' ? `(${field})` : '',
        message,
        suggestion ?? '',
      ]
        .filter(part => part !== '')
        .join(' '),
    )
    .join('\n');
}
