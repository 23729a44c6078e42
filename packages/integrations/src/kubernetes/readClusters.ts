import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { LoggerService } from '@backstage/backend-plugin-api';
import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { checkCertificate, readPem, readUrl } from '../core/readInstances';
import type { UpstreamTls } from '../core/HttpTransport';
import type { ClusterConfig } from './ClusterConfig';
import { readKubeconfig } from './readKubeconfig';

const SERVICE_ACCOUNT_FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount';
// The kubelet renews a token long before it ends.
const TOKEN_FILE_KEPT_MS = 60_000;

/**
 * Reads the clusters from Backstage's own `kubernetes` section, so that there is one place for them.
 *
 * @remarks
 * Of `clusterLocatorMethods`, those of type `config` and `localKubectlProxy` have clusters. A cluster needs an identity
 * of the portal's own: `authProvider: serviceAccount` with a `serviceAccountToken`, or, in a pod, with the pod's. Other
 * identities come from a kubeconfig, see {@link readKubeconfig}.
 *
 * @throws InputError that names the key.
 *
 * @internal
 */
export async function readClusters(
  config: Config,
  logger?: LoggerService,
): Promise<readonly ClusterConfig[]> {
  const methods =
    config.getOptionalConfigArray('kubernetes.clusterLocatorMethods') ?? [];
  const mayImpersonate = readImpersonation(config);
  const located = methods.flatMap((method, index) => {
    const key = `kubernetes.clusterLocatorMethods[${index}]`;
    switch (method.getString('type')) {
      case 'config':
        return method
          .getConfigArray('clusters')
          .map((cluster, position) =>
            readCluster(cluster, `${key}.clusters[${position}]`, logger),
          );
      case 'localKubectlProxy':
        return [
          {
            name: 'local',
            url: 'http://localhost:8001',
            authorization: async () => ({}),
          },
        ];
      default:
        // Others find clusters whose credentials are each user's own.
        return [];
    }
  });
  const clusters = [...located, ...(await readKubeconfig(config, logger))];
  const names = clusters.map(cluster => cluster.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new InputError(
      `Invalid configuration at 'kubernetes': the cluster '${twice}' is there twice`,
    );
  }
  return clusters.map(cluster => ({ ...cluster, mayImpersonate }));
}

function readCluster(
  config: Config,
  key: string,
  logger?: LoggerService,
): ClusterConfig {
  const name = config.getString('name');
  return {
    name,
    title: config.getOptionalString('title'),
    url: readUrl(config, 'url', key),
    tls: readClusterTls(config, key, name, logger),
    authorization: readAuthorization(config, key),
  };
}

function readClusterTls(
  config: Config,
  key: string,
  name: string,
  logger?: LoggerService,
): UpstreamTls | undefined {
  const caData = config.getOptionalString('caData');
  const caFile = config.getOptionalString('caFile');
  const inPod = !caData && !caFile && isInPod(config);
  const caKey = caData ? `${key}.caData` : `${key}.caFile`;
  const file = inPod ? `${SERVICE_ACCOUNT_FOLDER}/ca.crt` : caFile;
  const ca = caData
    ? Buffer.from(caData, 'base64').toString()
    : file && readPem(file, caKey);
  if (ca) {
    checkCertificate(ca, caKey);
  }
  const skipped = config.getOptionalBoolean('skipTLSVerify') ?? false;
  if (skipped) {
    logger?.warn(
      `The certificate of the cluster '${name}' is not checked (${key}.skipTLSVerify): whoever is on the way can read and change everything`,
    );
  }
  return { ca: ca || undefined, dangerouslyDisableVerification: skipped };
}

function readAuthorization(
  config: Config,
  key: string,
): ClusterConfig['authorization'] {
  const provider =
    config.getOptionalString('authProvider') ??
    config.getOptionalString('authMetadata.kubernetes.io/auth-provider');
  if (provider === 'localKubectlProxy') {
    return async () => ({});
  }
  if (provider !== 'serviceAccount') {
    throw new InputError(
      `Invalid configuration at '${key}.authProvider': '${provider}' has only identities of users; the portal needs one of its own: serviceAccount`,
    );
  }
  const token = config.getOptionalString('serviceAccountToken');
  if (token) {
    const headers = { Authorization: `Bearer ${token}` };
    return async () => headers;
  }
  if (!isInPod(config)) {
    throw new InputError(
      `Invalid configuration at '${key}.serviceAccountToken': missing, and the portal does not run in a cluster`,
    );
  }
  return readTokenFile(`${SERVICE_ACCOUNT_FOLDER}/token`);
}

/** The credentials in a file that somebody else keeps current. @internal */
export function readTokenFile(path: string): ClusterConfig['authorization'] {
  let headers: Readonly<Record<string, string>> = {};
  let readAt = -Infinity;
  return async (refused?: Readonly<Record<string, string>>) => {
    if (refused || performance.now() - readAt > TOKEN_FILE_KEPT_MS) {
      const token = (await readFile(path, 'utf8')).trim();
      headers = { Authorization: `Bearer ${token}` };
      readAt = performance.now();
    }
    return headers;
  };
}

function isInPod(config: Config): boolean {
  if (config.getOptionalString('serviceAccountToken')) {
    return false;
  }
  try {
    readFileSync(`${SERVICE_ACCOUNT_FOLDER}/token`);
    return true;
  } catch {
    return false;
  }
}

function readImpersonation(
  config: Config,
): ClusterConfig['mayImpersonate'] | undefined {
  const key = 'waystone.integrations.kubernetes.impersonation';
  const impersonation = config.getOptionalConfig(key);
  if (!impersonation) {
    return undefined;
  }
  const users = impersonation.getOptionalStringArray('users') ?? [];
  const groups = impersonation.getOptionalStringArray('groups') ?? [];
  const forbidden = [...users, ...groups].find(
    name => name.startsWith('system:') || name === '*',
  );
  if (forbidden) {
    throw new InputError(
      `Invalid configuration at '${key}': the portal never acts for '${forbidden}'`,
    );
  }
  return identity =>
    matches(users, identity.user) &&
    (identity.groups ?? []).every(group => matches(groups, group));
}

/** `oidc:*` matches all that begin with `oidc:`. */
function matches(patterns: readonly string[], name: string): boolean {
  return (
    !name.startsWith('system:') &&
    patterns.some(pattern =>
      pattern.endsWith('*')
        ? name.startsWith(pattern.slice(0, -1))
        : name === pattern,
    )
  );
}
