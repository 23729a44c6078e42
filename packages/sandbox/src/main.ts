import { createSandbox } from './createSandbox';
import type { Sandbox } from './createSandbox';
import { readOptions } from './readOptions';

/** After this it ends whatever it waits for. What was answered is on disk a tenth of a second after the answer. */
const STOP_PATIENCE_MS = 3_500;

async function main() {
  const sandbox = createSandbox(readOptions(process.env));
  const isStopping = stopOnRequest(sandbox);
  try {
    await sandbox.listen();
  } catch (error) {
    if (!isStopping()) {
      throw error;
    }
    // A start that is interrupted fails in ways that nobody has to read.
  }
  if (!isStopping()) {
    process.stdout.write(
      `Sandbox ready at ${sandbox.url} with ${sandbox.people.length} people to sign in as. For development, demos and tests only.\n`,
    );
  }
}

/** @returns Whether it was asked to stop. */
function stopOnRequest(sandbox: Sandbox): () => boolean {
  let stopping = false;
  const stop = () => {
    if (stopping) {
      return;
    }
    stopping = true;
    setTimeout(() => {
      process.stderr.write(
        'The sandbox ends although something in it is still at work.\n',
      );
      process.exit(0);
    }, STOP_PATIENCE_MS);
    sandbox.close().then(() => process.exit(0), fail);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  // The launcher's channel closes when the launcher dies, however it dies.
  process.on('disconnect', stop);
  return () => stopping;
}

function fail(error: Error) {
  const text =
    error.name === 'SandboxStartError' ? error.message : String(error.stack);
  process.stderr.write(`The sandbox cannot run. ${text}\n`);
  process.exit(1);
}

main().catch(fail);
