import { join } from 'node:path';
import { generate } from 'selfsigned';
import { z } from 'zod';
import { readStateFile, writeStateFile } from '../../core/stateFiles';

const DAYS = 3_650;
/** Made anew when it is this close to its end. */
const RENEW_DAYS = 30;
const DAY_MS = 24 * 60 * 60_000;

const schema = z.object({
  authority: z.string(),
  certificate: z.string(),
  privateKey: z.string(),
  expires: z.string(),
});

/** What the listener for kubectl presents, in PEM. @internal */
export interface Certificates {
  /** The certificate authority that made the certificate, which clients trust. */
  readonly authority: string;
  readonly certificate: string;
  readonly privateKey: string;
}

/**
 * Reads the certificates of the Kubernetes API from the state folder, or makes them.
 *
 * @remarks
 * The key of the authority is not kept: nothing else is ever signed with it.
 *
 * @internal
 */
export async function readCertificates(
  stateFolder: string,
): Promise<Certificates> {
  const file = join(stateFolder, 'kubernetes', 'certificates.json');
  const known = readStateFile(file, schema);
  if (known && Date.parse(known.expires) - Date.now() > RENEW_DAYS * DAY_MS) {
    return known;
  }
  const expires = new Date(Date.now() + DAYS * DAY_MS);
  const validity = {
    notBeforeDate: new Date(Date.now() - DAY_MS),
    notAfterDate: expires,
    keyType: 'ec' as const,
    algorithm: 'sha256',
  };
  const authority = await generate(
    [{ name: 'commonName', value: 'waystone-sandbox-ca' }],
    {
      ...validity,
      extensions: [
        { name: 'basicConstraints', cA: true, critical: true },
        { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
      ],
    },
  );
  const server = await generate(
    [{ name: 'commonName', value: 'kube-apiserver' }],
    {
      ...validity,
      ca: { key: authority.private, cert: authority.cert },
      extensions: [
        { name: 'basicConstraints', cA: false },
        { name: 'keyUsage', digitalSignature: true, critical: true },
        { name: 'extKeyUsage', serverAuth: true },
        {
          name: 'subjectAltName',
          altNames: [
            { type: 2, value: 'localhost' },
            { type: 7, ip: '127.0.0.1' },
            { type: 7, ip: '::1' },
          ],
        },
      ],
    },
  );
  const made = {
    authority: authority.cert,
    certificate: server.cert,
    privateKey: server.private,
    expires: expires.toISOString(),
  };
  writeStateFile(file, made);
  return made;
}
