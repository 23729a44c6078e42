import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { readStateFile, writeStateFile } from '../core/stateFiles';

const keysSchema = z.object({
  /** Private keys that sign ID tokens. */
  jwks: z.array(z.looseObject({ kty: z.literal('RSA'), d: z.string() })).min(1),
  /** Secrets that sign cookies. */
  cookies: z.array(z.string().min(32)).min(1),
});

/**
 * What the provider signs with.
 *
 * @internal
 */
export type ProviderKeys = z.infer<typeof keysSchema>;

/**
 * Reads the provider's keys from the state folder, or makes new ones and keeps them there.
 *
 * @param folder - the state folder; without one the keys last as long as the process
 * @internal
 */
export function loadKeys(folder: string | undefined): ProviderKeys {
  const file = folder && join(folder, 'identity-keys.json');
  const known = file ? readStateFile(file, keysSchema) : undefined;
  if (known) {
    return known;
  }
  const keys = generateKeys();
  if (file) {
    writeStateFile(file, keys);
  }
  return keys;
}

function generateKeys(): ProviderKeys {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = privateKey.export({ format: 'jwk' });
  return keysSchema.parse({
    jwks: [
      {
        ...jwk,
        alg: 'RS256',
        use: 'sig',
        kid: randomBytes(8).toString('hex'),
      },
    ],
    cookies: [randomBytes(32).toString('base64url')],
  });
}
