import { UsageError, type Command, type Terminal } from './Command';

/** Finds the command that the words name and runs it. */
export async function runCommand(
  words: readonly string[],
  commands: readonly Command[],
  terminal: Terminal,
): Promise<number> {
  const command = commands.find(({ path }) =>
    path.every((word, index) => words[index] === word),
  );
  if (!command) {
    const asked =
      words.length === 0 || ['help', '--help', '-h'].includes(words[0]);
    const list = overview(commands);
    if (asked) terminal.write(list);
    else
      terminal.writeError(
        `There is no command "${words.join(' ')}".\n\n${list}`,
      );
    return asked ? 0 : 2;
  }
  const args = words.slice(command.path.length);
  if (args.includes('--help') || args.includes('-h')) {
    terminal.write(
      `waystone ${command.path.join(' ')}: ${command.summary}\n\n${
        command.help
      }\n`,
    );
    return 0;
  }
  try {
    return await command.run(args, terminal);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    terminal.writeError(`${message}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}

function overview(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ path }) => path.join(' ').length));
  const lines = commands.map(
    ({ path, summary }) =>
      `  waystone ${path.join(' ').padEnd(width)}  ${summary}`,
  );
  return `Commands:\n${lines.join(
    '\n',
  )}\n\nwaystone <command> --help says more.\n`;
}
