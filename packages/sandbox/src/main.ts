import { createSandbox } from './createSandbox';
import type { Sandbox } from './createSandbox';
import { readOptions } from './readOptions';

async function main() {
  const sandbox = createSandbox(readOptions(process.env));
  await sandbox.listen();
  stopOnRequest(sandbox);
  process.stdout.write(
    `Sandbox ready at ${sandbox.url} with ${sandbox.people.length} people to sign in as. For development, demos and tests only.\n`,
  );
}

function stopOnRequest(sandbox: Sandbox) {
  let stopping = false;
  const stop = () => {
    if (stopping) {
      return;
    }
    stopping = true;
    sandbox.close().then(() => process.exit(0), fail);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  // The launcher's channel closes when the launcher dies, however it dies.
  process.on('disconnect', stop);
}

function fail(error: Error) {
  const text =
    error.name === 'SandboxStartError' ? error.message : String(error.stack);
  process.stderr.write(`The sandbox cannot run. ${text}\n`);
  process.exit(1);
}

main().catch(fail);
