import { spawn } from 'node:child_process';
import { RenderError } from '../rendering/RenderError';

/** How long one call of git may take, in milliseconds. */
const TIME_LIMIT = 60_000;

/**
 * Runs git with an array of arguments and gives back what it prints.
 *
 * @remarks
 * Neither the machine's nor the user's configuration has a part in it, nothing asks for a password, and no helper
 * program can be named by a URL.
 *
 * @throws {@link RenderError} with the last line that git has written to its error output.
 * @internal
 */
export async function runGit(
  args: readonly string[],
  input?: string,
): Promise<Buffer> {
  return await new Promise<Buffer>((resolve, reject) => {
    const child = spawn(
      'git',
      ['-c', 'safe.directory=*', '-c', 'protocol.ext.allow=never', ...args],
      {
        stdio: ['pipe', 'pipe', 'pipe'],
        timeout: TIME_LIMIT,
        env: {
          PATH: process.env.PATH,
          GIT_TERMINAL_PROMPT: '0',
          GIT_CONFIG_NOSYSTEM: '1',
          GIT_CONFIG_GLOBAL: '/dev/null',
          GIT_OPTIONAL_LOCKS: '0',
          LC_ALL: 'C',
        },
      },
    );
    const output: Buffer[] = [];
    let errors = '';
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => {
      errors = (errors + chunk.toString('utf8')).slice(-4096);
    });
    child.on('error', error =>
      reject(new RenderError(`git could not be run: ${error.message}`)),
    );
    child.on('close', code => {
      if (code === 0) {
        resolve(Buffer.concat(output));
      } else {
        const last = errors.trim().split('\n').at(-1) ?? '';
        reject(new RenderError(last.replace(/:\/\/[^@/\s]*@/g, '://')));
      }
    });
    // A git that ends before it has read everything is reported by its exit code.
    child.stdin.on('error', () => {});
    child.stdin.end(input ?? '');
  });
}
