import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { stringify } from 'yaml';

/** Options of {@link writeKubeconfig}. @public */
export interface KubeconfigOptions {
  /** Where it is written, readable by its owner only. */
  readonly file: string;
  /** The clusters' names; the first becomes the current context. */
  readonly clusters: readonly string[];
  /** Where the clusters are reached, such as `https://localhost:7009/kubernetes`. */
  readonly url: string;
  /** The certificate authority of the URL, in PEM. */
  readonly authority: string;
  readonly token: string;
}

/**
 * Writes a file for kubectl and other clients: a context for each cluster, named like it.
 *
 * @public
 */
export function writeKubeconfig(options: KubeconfigOptions): void {
  const { authority, clusters, file, token, url } = options;
  const content = stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': clusters[0],
    clusters: clusters.map(name => ({
      name,
      cluster: {
        server: `${url}/${name}`,
        'certificate-authority-data': Buffer.from(authority).toString('base64'),
      },
    })),
    contexts: clusters.map(name => ({
      name,
      context: { cluster: name, user: 'admin', namespace: 'default' },
    })),
    users: [{ name: 'admin', user: { token } }],
  });
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}.tmp`;
  writeFileSync(draft, content, { mode: 0o600 });
  renameSync(draft, file);
}
