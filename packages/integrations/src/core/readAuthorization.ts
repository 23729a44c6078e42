import { readFile } from 'node:fs/promises';
import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import type { UpstreamHttpOptions } from './UpstreamHttpOptions';

/**
 * Reads how the portal proves who it is to a system that has no accounts of its own: `token` or `tokenFile`, sent as
 * bearer token, or `username` and `password`.
 *
 * @param key - of this part of the configuration, for errors
 * @throws InputError that names the key, never the value of a secret.
 *
 * @public
 */
export function readAuthorization(
  config: Config | undefined,
  key: string,
): Pick<UpstreamHttpOptions, 'authorization' | 'secrets'> {
  if (!config) {
    return {};
  }
  const token = config.getOptionalString('token');
  const tokenFile = config.getOptionalString('tokenFile');
  const username = config.getOptionalString('username');
  const password = config.getOptionalString('password');
  const ways = [token, tokenFile, username].filter(way => way !== undefined);
  if (
    ways.length !== 1 ||
    (username === undefined) !== (password === undefined)
  ) {
    throw new InputError(
      `Invalid configuration at '${key}': it needs 'token', or 'tokenFile', or 'username' and 'password'`,
    );
  }
  if (username !== undefined) {
    const pair = Buffer.from(`${username}:${password}`).toString('base64');
    return {
      authorization: () => ({ authorization: `Basic ${pair}` }),
      secrets: [password!, pair],
    };
  }
  if (token !== undefined) {
    return {
      authorization: () => ({ authorization: `Bearer ${token}` }),
      secrets: [token],
    };
  }
  return {
    // Read anew for each call: whoever rotates it replaces the file.
    authorization: async () => ({
      authorization: `Bearer ${(await readFile(tokenFile!, 'utf8')).trim()}`,
    }),
  };
}
