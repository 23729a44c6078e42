import type { RequestOptions } from 'node:https';
import type { LoggerService } from '@backstage/backend-plugin-api';
import type { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { readBaseUrl } from '../core/buildUrl';
import { readPem } from '../core/readInstances';
import type { ClusterConfig } from './ClusterConfig';

const KEY = 'waystone.integrations.kubernetes.kubeconfig';
const CREDENTIALS_KEPT_MS = 60_000;

/**
 * Reads clusters from a kubeconfig, for identities that Backstage's own section cannot express: commands that print a
 * token, client certificates, token files. Its contexts become clusters of the same name.
 *
 * @throws InputError that names the key.
 *
 * @internal
 */
export async function readKubeconfig(
  config: Config,
  logger?: LoggerService,
): Promise<readonly Omit<ClusterConfig, 'mayImpersonate'>[]> {
  const kubeconfig = config.getOptionalConfig(KEY);
  if (!kubeconfig) {
    return [];
  }
  const file = kubeconfig.getString('file');
  // Says what is wrong with the file in the words of all other files.
  readPem(file, `${KEY}.file`);
  const { KubeConfig } = loadLibrary();
  const load = (context?: string) => {
    const loaded = new KubeConfig();
    loaded.loadFromFile(file);
    if (context !== undefined) {
      loaded.setCurrentContext(context);
    }
    return loaded;
  };
  const known = load()
    .getContexts()
    .map(({ name }) => name);
  const names = kubeconfig.getOptionalStringArray('contexts') ?? known;
  return Promise.all(
    names.map(async name => {
      if (!known.includes(name)) {
        throw new InputError(
          `Invalid configuration at '${KEY}.contexts': there is no context '${name}' in '${file}'`,
        );
      }
      const cluster = load(name).getCurrentCluster();
      if (!cluster) {
        throw new InputError(
          `Invalid configuration at '${KEY}.file': the context '${name}' has no cluster`,
        );
      }
      if (cluster.skipTLSVerify) {
        logger?.warn(
          `The certificate of the cluster '${name}' is not checked (insecure-skip-tls-verify in '${file}'): whoever is on the way can read and change everything`,
        );
      }
      const options: RequestOptions = {};
      const user = load(name).getCurrentUser();
      if (!user?.exec) {
        // Certificates do not change while the portal runs; what a command prints may.
        await load(name)
          .applyToHTTPSOptions(options)
          .catch(error => {
            throw new InputError(
              `Invalid configuration at '${KEY}.file': the context '${name}': ${error.message}`,
            );
          });
      }
      return {
        name,
        url: readServer(cluster.server, name),
        tls: {
          ca: readAuthority(cluster),
          certificate: pemOf(options.cert),
          key: pemOf(options.key as RequestOptions['cert']),
          serverName: cluster.tlsServerName,
          dangerouslyDisableVerification: cluster.skipTLSVerify,
        },
        authorization: createAuthorization(async () => {
          // Anew, as the library keeps what a command once printed, also after it was refused.
          const given: RequestOptions = {};
          await load(name).applyToHTTPSOptions(given);
          const { Authorization } = (given.headers ?? {}) as {
            readonly Authorization?: string;
          };
          const headers: Record<string, string> = {};
          if (Authorization) {
            headers.Authorization = Authorization;
          }
          return headers;
        }, name),
      };
    }),
  );
}

/** Asks for credentials once a minute, or when the old ones were refused, and once for all who wait. */
function createAuthorization(
  read: () => Promise<Readonly<Record<string, string>>>,
  context: string,
): ClusterConfig['authorization'] {
  let headers: Promise<Readonly<Record<string, string>>> | undefined;
  let readAt = -Infinity;
  return async refused => {
    const old = performance.now() - readAt > CREDENTIALS_KEPT_MS;
    const current = await headers?.catch(() => undefined);
    if (
      !current ||
      old ||
      (refused && refused.authorization === current.Authorization)
    ) {
      readAt = performance.now();
      headers = read().catch(() => {
        // What a command prints may be a secret.
        throw new Error(
          `the user of the context '${context}' gives no credentials`,
        );
      });
    }
    return headers!;
  };
}

/** Only where it is needed: it takes half a second and 75 MB. */
function loadLibrary(): typeof import('@kubernetes/client-node') {
  // Not import(), which Jest has only as an experiment.
  return require('@kubernetes/client-node');
}

function readServer(server: string, context: string): string {
  try {
    return readBaseUrl(server).href.replace(/\/$/, '');
  } catch (error) {
    throw new InputError(
      `Invalid configuration at '${KEY}.file': the cluster of the context '${context}': ${
        (error as Error).message
      }`,
    );
  }
}

function readAuthority(cluster: {
  readonly caData?: string;
  readonly caFile?: string;
}): string | undefined {
  if (cluster.caData) {
    return Buffer.from(cluster.caData, 'base64').toString();
  }
  return cluster.caFile && readPem(cluster.caFile, `${KEY}.file`);
}

function pemOf(value: RequestOptions['cert']): string | undefined {
  return Buffer.isBuffer(value) || typeof value === 'string'
    ? value.toString()
    : undefined;
}
