/** What a command talks to, so that tests can listen. */
export interface Terminal {
  write(text: string): void;
  writeError(text: string): void;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly workingDirectory: string;
}

/** One command: `waystone <path…>`. */
export interface Command {
  /** Words after `waystone`, such as `['docs', 'check']`. */
  readonly path: readonly string[];
  /** One line for the list of commands. */
  readonly summary: string;
  /** What `--help` prints below the first line. */
  readonly help: string;
  /**
   * Runs the command.
   *
   * @returns The exit code: 0 for success, 1 for what was found, 2 for wrong use.
   */
  run(args: readonly string[], terminal: Terminal): Promise<number>;
}

/** The command was not used as it is meant to be. */
export class UsageError extends Error {}
