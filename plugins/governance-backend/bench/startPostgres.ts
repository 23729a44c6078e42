import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { resolvePackagePath } from '@backstage/backend-plugin-api';

/** A PostgreSQL that goes when it is stopped. */
export async function startPostgres() {
  const root = resolvePackagePath(
    '@waystone/plugin-governance-backend',
    '../..',
  );
  const child = spawn(
    process.execPath,
    [resolve(root, 'packages/launcher/bin/waystone-run.mjs'), 'postgres'],
    { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const exited = new Promise<void>(done => {
    child.once('exit', () => done());
  });
  const url = await new Promise<string>((found, failed) => {
    let text = '';
    child.stdout.setEncoding('utf8').on('data', chunk => {
      text += chunk;
      const [match] = /postgres(?:ql)?:\/\/\S+(?=\s)/.exec(text) ?? [];
      if (match) {
        found(match);
      }
    });
    exited.then(() => failed(new Error(`No PostgreSQL: ${text}`)));
  });
  return {
    url,
    stop: async () => {
      child.kill('SIGINT');
      await exited;
    },
  };
}
