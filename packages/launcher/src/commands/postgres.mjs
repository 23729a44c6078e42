import { installDependencies } from '../install.mjs';
import { hasNative } from '../postgresFiles.mjs';
import { startThrowAwayPostgres } from '../throwAwayPostgres.mjs';
import { untilStopped } from '../signals.mjs';

/** What is installed is enough, also when it is not the newest. */
export const installs = true;

/**
 * A throw-away PostgreSQL for tests and experiments: prints its connection string, runs until Ctrl-C, leaves nothing.
 *
 * @param {import('../context.mjs').Context} context
 */
export async function run(context) {
  const { output } = context;
  if (!hasNative()) await installDependencies(context);
  const database = await startThrowAwayPostgres();
  output.line(database.connectionString);
  await untilStopped(database.exited);
  await database.stop();
}
