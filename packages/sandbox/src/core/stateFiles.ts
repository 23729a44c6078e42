import {
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { z } from 'zod';
import { SandboxStartError } from '../SandboxStartError';

/**
 * Reads a file of the state folder; `undefined` when there is none.
 *
 * @internal
 */
export function readStateFile<T>(
  file: string,
  schema: z.ZodType<T>,
): T | undefined {
  let problem: string;
  try {
    const result = schema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    if (result.success) {
      return result.data;
    }
    problem = 'it does not hold what it should';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') {
      return undefined;
    }
    problem = code ?? 'it is not JSON';
  }
  throw new SandboxStartError(
    `Cannot read the sandbox's state file '${file}' (${problem}). Delete it and start again with what it held made anew.`,
  );
}

/**
 * Writes a file of the state folder, whole or not at all, readable by its owner only.
 *
 * @internal
 */
export function writeStateFile(file: string, value: unknown): void {
  const draft = `${file}.${process.pid}.tmp`;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(draft, JSON.stringify(value), { mode: 0o600 });
    renameSync(draft, file);
  } catch (error) {
    removeDraft(draft);
    throw new SandboxStartError(
      `Cannot write the sandbox's state file '${file}' (${
        (error as NodeJS.ErrnoException).code
      }). Check the folder's permissions and the free space, or choose another folder with WAYSTONE_SANDBOX_STATE.`,
    );
  }
}

function removeDraft(draft: string): void {
  try {
    rmSync(draft, { force: true });
  } catch {
    // The folder is no folder, for example. The first error says more.
  }
}
