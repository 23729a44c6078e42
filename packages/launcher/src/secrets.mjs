import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { Problem, placeProblem } from './problems.mjs';

/**
 * Random secrets of this one portal. They never leave the machine.
 *
 * @typedef {{ postgresPassword: string, sessionSecret: string, oidcClientSecret: string, sandboxToken: string }} Secrets
 */

/** @type {(keyof Secrets)[]} */
const NAMES = [
  'postgresPassword',
  'sessionSecret',
  'oidcClientSecret',
  'sandboxToken',
];

/**
 * Reads the secrets, making those that are missing.
 *
 * @param {string} home - The portal's state folder.
 * @returns {{ secrets: Secrets, newPassword: boolean }} `newPassword`: an existing database still has another one.
 */
export function loadSecrets(home) {
  const file = path.join(home, 'secrets.json');
  let known = {};
  try {
    known = JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) {
      throw new Problem(
        `${file} is damaged. Remove it and start again: new secrets are made.`,
        { cause: error },
      );
    }
    if (error.code !== 'ENOENT') {
      throw placeProblem('Reading the secrets failed', file, error);
    }
  }
  const missing = NAMES.filter(name => typeof known[name] !== 'string');
  const secrets = {
    ...known,
    ...Object.fromEntries(
      missing.map(name => [name, randomBytes(24).toString('hex')]),
    ),
  };
  try {
    if (missing.length > 0) {
      const draft = `${file}.${process.pid}`;
      fs.writeFileSync(draft, `${JSON.stringify(secrets, null, 2)}\n`, {
        mode: 0o600,
      });
      fs.renameSync(draft, file);
    } else if (fs.statSync(file).mode & 0o077) {
      fs.chmodSync(file, 0o600);
    }
  } catch (error) {
    throw placeProblem('Writing the secrets failed', file, error);
  }
  return { secrets, newPassword: missing.includes('postgresPassword') };
}
