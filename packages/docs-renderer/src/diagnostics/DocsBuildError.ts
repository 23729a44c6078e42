import { CustomErrorBase } from '@backstage/errors';
import type { DocsProblem } from './DocsProblem';

/** A site could not be built. Carries every problem that was found until then. */
export class DocsBuildError extends CustomErrorBase {
  readonly problems: readonly DocsProblem[];

  constructor(message: string, problems: readonly DocsProblem[]) {
    super(message);
    this.problems = problems;
  }

  /** The error of one problem: its message with file and line. */
  static of(problem: DocsProblem): DocsBuildError {
    const place = problem.line
      ? `${problem.file}:${problem.line}`
      : problem.file;
    return new DocsBuildError(`${place}: ${problem.message} ${problem.fix}`, [
      problem,
    ]);
  }
}
