/**
 * The waystone command.
 *
 * @packageDocumentation
 */
import { commands } from './commands';
import { runCommand } from './runCommand';

void runCommand(process.argv.slice(2), commands, {
  write: text => process.stdout.write(text),
  writeError: text => process.stderr.write(text),
  environment: process.env,
  workingDirectory: process.cwd(),
}).then(code => {
  process.exitCode = code;
});
