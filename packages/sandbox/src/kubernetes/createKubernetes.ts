import { join } from 'node:path';
import express from 'express';
import type { Request, RequestHandler, Response } from 'express';
import { applyFaults } from '../core/applyFaults';
import type { SandboxContext } from '../core/SandboxContext';
import { checkHost } from '../http/checkHost';
import { listenOnLoopback } from '../http/listenOnLoopback';
import type { LoopbackListener } from '../http/listenOnLoopback';
import type { SandboxPart } from '../SandboxPart';
import { Authenticator } from './access/Authenticator';
import { ServiceAccountTokens } from './access/ServiceAccountTokens';
import { createKubernetesCluster } from './createKubernetesCluster';
import type { RunningKubernetesCluster } from './createKubernetesCluster';
import { sendError } from './http/answers';
import { ClusterApi } from './http/ClusterApi';
import { StatusError } from './StatusError';
import { readCertificates } from './tls/readCertificates';
import { writeKubeconfig } from './writeKubeconfig';

const PATH = '/kubernetes';
/** How soon watches under way notice that they are to fail. */
const FAULT_CHECK_MS = 250;

const REASONS: Readonly<Record<number, string>> = {
  401: 'Unauthorized',
  403: 'Forbidden',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServiceUnavailable',
  504: 'Timeout',
};

/** Options of {@link createKubernetes}. @public */
export interface KubernetesOptions {
  /** The names of the clusters. */
  readonly clusters: readonly string[];
  /** The port with TLS for kubectl, which sends no token without it; 0 takes a free one. None if not given. */
  readonly kubectlPort?: number;
}

/**
 * The Kubernetes API of all clusters.
 *
 * @public
 */
export interface Kubernetes extends SandboxPart {
  readonly clusters: ReadonlyMap<string, RunningKubernetesCluster>;
  /** The file for kubectl, which `start` writes. */
  readonly kubeconfigFile: string;
  /** The port with TLS; known once started, and if it was asked for. */
  readonly kubectlPort: number | undefined;
  /** The token of `kubernetes-admin`, who may do everything. */
  readonly adminToken: string;
  /** Whose service account token it is, as a cluster's TokenReview says; undefined if nobody's. */
  reviewToken(
    cluster: string,
    token: string,
  ):
    | { readonly namespace: string; readonly serviceAccount: string }
    | undefined;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Creates the clusters and their API, mounted at `/kubernetes/<cluster>`.
 *
 * @remarks
 * `context.token` is the service account `portal` in the namespace `waystone`.
 *
 * @public
 */
export async function createKubernetes(
  context: SandboxContext,
  options: KubernetesOptions,
): Promise<Kubernetes> {
  const certificates = await readCertificates(context.stateFolder);
  const adminToken = context.deriveToken('kubernetes-admin');
  const kubeconfigFile = join(context.stateFolder, 'kubernetes', 'kubeconfig');
  const clusters = new Map<string, RunningKubernetesCluster>();
  const apis = new Map<string, ClusterApi>();
  const authenticators = new Map<string, Authenticator>();
  for (const name of options.clusters) {
    const log = (message: string) =>
      context.log('kubernetes', `${name}: ${message}`);
    const cluster = createKubernetesCluster({
      name,
      stateFolder: context.stateFolder,
      certificateAuthority: certificates.authority,
      log,
    });
    const tokens = new ServiceAccountTokens(
      context.deriveToken(`kubernetes-service-accounts-${name}`),
    );
    const { server } = cluster;
    const isWatchGone = () =>
      context.faults.get('kubernetes')?.watchGone ?? false;
    const authenticator = new Authenticator({
      store: server.store,
      tokens,
      portalToken: context.token,
      adminToken,
    });
    clusters.set(name, cluster);
    authenticators.set(name, authenticator);
    apis.set(
      name,
      new ClusterApi({ server, authenticator, tokens, isWatchGone, log }),
    );
  }

  let listener: LoopbackListener | undefined;
  let faultCheck: NodeJS.Timeout | undefined;
  const part: Kubernetes = {
    name: 'kubernetes',
    path: PATH,
    title: 'Kubernetes',
    summary: `The API of the clusters ${options.clusters.join(
      ' and ',
    )}, as kubectl and the portal use it.`,
    handler: createHandler(apis),
    clusters,
    kubeconfigFile,
    adminToken,
    reviewToken: (cluster, token) => {
      const claims = authenticators.get(cluster)?.findClaims(token);
      return (
        claims && {
          namespace: claims.namespace,
          serviceAccount: claims.name,
        }
      );
    },
    get kubectlPort() {
      return listener?.port;
    },
    renderError: (status, message) => ({
      contentType: 'application/json',
      body: JSON.stringify(
        new StatusError({
          code: status,
          reason: REASONS[status] ?? 'InternalError',
          message,
        }).toStatus(),
      ),
    }),
    async start() {
      faultCheck = setInterval(() => {
        if (context.faults.get('kubernetes')?.watchGone) {
          apis.forEach(api => api.expireWatches());
        }
      }, FAULT_CHECK_MS).unref();
      if (options.kubectlPort === undefined) {
        return;
      }
      const app = express();
      app.disable('x-powered-by');
      app.disable('etag');
      listener = await listenOnLoopback({
        handler: app,
        port: options.kubectlPort,
        variable: 'WAYSTONE_SANDBOX_KUBECTL_PORT',
        tls: {
          key: certificates.privateKey,
          cert: certificates.certificate,
        },
      });
      app.use(checkHost([String(listener.port)], 'https'));
      app.use(PATH, applyFaults(context.faults, part), part.handler);
      writeKubeconfig({
        file: kubeconfigFile,
        clusters: options.clusters,
        url: `https://localhost:${listener.port}${PATH}`,
        authority: certificates.authority,
        token: adminToken,
      });
    },
    async stop() {
      clearInterval(faultCheck);
      apis.forEach(api => api.closeWatches());
      await listener?.close();
      listener = undefined;
      await Promise.all([...clusters.values()].map(cluster => cluster.close()));
    },
  };
  return part;
}

/** Finds the cluster by the first part of the path. */
function createHandler(apis: ReadonlyMap<string, ClusterApi>): RequestHandler {
  return (request: Request, response: Response) => {
    const match = /^\/([^/?]+)(.*)$/.exec(request.url);
    const api = match && apis.get(match[1]);
    if (!api) {
      sendError(
        response,
        new StatusError({
          code: 404,
          reason: 'NotFound',
          message: `no such cluster; there are ${[...apis.keys()].join(', ')}`,
        }),
      );
      return;
    }
    // A page cannot be shown: everything is an answer to a program.
    response.removeHeader('Content-Security-Policy');
    const rest = match[2].startsWith('/') ? match[2] : `/${match[2]}`;
    void api.handle(request, response, rest, `${request.baseUrl}/${match[1]}`);
  };
}
