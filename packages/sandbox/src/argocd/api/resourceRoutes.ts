import type { Request, Response, Router } from 'express';
import { z } from 'zod';
import type {
  KubernetesCluster,
  KubernetesObject,
} from '../../kubernetes/KubernetesCluster';
import type { Application } from '../ApplicationTypes';
import { refOf } from '../live/ResourceKey';
import { answer, sendError } from './answer';
import { addressOf, findApplication, queryValue } from './ApiContext';
import type { ApiContext } from './ApiContext';
import { invalidArgument } from './ApiError';
import { hideSecret } from './hideSecret';
import { resourceActions, runAction } from './resourceActions';
import { resourceTree } from './resourceTree';
import type { ResourceNode } from './resourceTree';
import { StreamWriter } from './streamRoutes';

interface Selection {
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly resourceName: string;
}

const actionSchema = z.looseObject({
  namespace: z.string().nullish(),
  resourceName: z.string(),
  group: z.string().nullish(),
  kind: z.string(),
  action: z.string(),
  appNamespace: z.string().nullish(),
  project: z.string().nullish(),
});

/** The routes for single objects of an Application. @internal */
export function addResourceRoutes(router: Router, api: ApiContext): void {
  const selected = (request: Request) => {
    const application = findApplication(api, addressOf(request));
    return findResource(api, application, {
      group: queryValue(request, 'group') ?? '',
      kind: queryValue(request, 'kind') ?? '',
      namespace: queryValue(request, 'namespace') ?? '',
      resourceName: queryValue(request, 'resourceName') ?? '',
    });
  };

  router
    .route('/api/v1/applications/:name/resource')
    .get(
      answer(request => ({
        manifest: JSON.stringify(hideSecret(selected(request).object)),
      })),
    )
    .post(
      answer(request => {
        const { cluster, object } = selected(request);
        const patch = parseJson(request.body);
        const patched = cluster.patch(refOf(object), patch);
        return { manifest: JSON.stringify(hideSecret(patched)) };
      }),
    )
    .delete(
      answer(request => {
        const { cluster, object } = selected(request);
        cluster.delete(refOf(object), {
          propagationPolicy:
            queryValue(request, 'orphan') === 'true' ? 'Orphan' : 'Foreground',
        });
        return {};
      }),
    );

  router.get(
    '/api/v1/applications/:name/resource/actions',
    answer(request => {
      const actions = resourceActions(selected(request).object);
      return actions.length > 0 ? { actions } : {};
    }),
  );

  router.post(
    '/api/v1/applications/:name/resource/actions/v2',
    answer(request => {
      const result = actionSchema.safeParse(request.body);
      if (!result.success) {
        throw invalidArgument(result.error.issues[0].message);
      }
      const { appNamespace, project, ...body } = result.data;
      const application = findApplication(api, {
        name: request.params.name,
        appNamespace: appNamespace ?? undefined,
        project: project ?? undefined,
      });
      const { cluster, object } = findResource(api, application, {
        group: body.group ?? '',
        kind: body.kind,
        namespace: body.namespace ?? '',
        resourceName: body.resourceName,
      });
      runAction(cluster, object, body.action);
      return {};
    }),
  );

  router.get(
    [
      '/api/v1/applications/:name/logs',
      '/api/v1/applications/:name/pods/:podName/logs',
    ],
    (request, response) => {
      try {
        sendLogs(api, request, response);
      } catch (error) {
        sendError(response, error);
      }
    },
  );
}

function parseJson(body: unknown): object {
  try {
    const value: unknown = typeof body === 'string' ? JSON.parse(body) : body;
    if (typeof value === 'object' && value !== null) {
      return value;
    }
  } catch {
    // Said below.
  }
  throw invalidArgument('the patch is not a JSON object');
}

function findResource(
  api: ApiContext,
  application: Application,
  { group, kind, namespace, resourceName }: Selection,
): { cluster: KubernetesCluster; object: KubernetesObject } {
  const node = resourceTree(api.controller, application).nodes?.find(
    item =>
      (item.group ?? '') === group &&
      item.kind === kind &&
      (item.namespace ?? '') === namespace &&
      item.name === resourceName,
  );
  const destination = api.controller.known(application)?.destination;
  const object =
    node?.uid && destination
      ? liveObject(destination.cluster, node)
      : undefined;
  if (!object || !destination) {
    throw invalidArgument(
      `${kind} ${group} ${resourceName} not found as part of application ${application.metadata.name}`,
    );
  }
  return { cluster: destination.cluster, object };
}

function liveObject(
  cluster: KubernetesCluster,
  node: ResourceNode,
): KubernetesObject | undefined {
  return cluster.get({
    apiVersion: node.group ? `${node.group}/${node.version}` : node.version!,
    kind: node.kind,
    name: node.name,
    ...(node.namespace && { namespace: node.namespace }),
  });
}

function sendLogs(api: ApiContext, request: Request, response: Response) {
  const application = findApplication(api, addressOf(request));
  const { destination } = api.controller.known(application) ?? {};
  const podName = request.params.podName ?? queryValue(request, 'podName');
  const namespace = queryValue(request, 'namespace');
  const kind = queryValue(request, 'kind');
  const resourceName = queryValue(request, 'resourceName');
  const pods = destination
    ? podsOf(api, application, destination.cluster).filter(
        ({ pod, owners }) =>
          (!namespace || pod.metadata.namespace === namespace) &&
          (!podName || pod.metadata.name === podName) &&
          (!kind || owners.includes(`${kind}/${resourceName}`)),
      )
    : [];
  const tail = Number(queryValue(request, 'tailLines') ?? 0);
  const since = Number(queryValue(request, 'sinceSeconds') ?? 0);
  const filter = queryValue(request, 'filter');
  const previous = queryValue(request, 'previous') === 'true';
  const container = queryValue(request, 'container');
  const entries = pods.flatMap(({ pod }) => {
    const lines = api.podLogs(destination!.cluster, pod, {
      container: container ?? pod.spec?.containers?.[0]?.name ?? '',
      previous,
    });
    return (tail > 0 ? lines.slice(-tail) : lines).map(line => ({
      ...line,
      podName: pod.metadata.name,
    }));
  });
  const writer = new StreamWriter(request, response);
  writer.open(() => {});
  entries
    .filter(
      ({ time, line }) =>
        (!filter || line.includes(filter)) &&
        (since === 0 || time.getTime() >= Date.now() - since * 1000),
    )
    .sort((a, b) => a.time.getTime() - b.time.getTime())
    .forEach(({ time, line, podName: name }) =>
      writer.send({
        content: line,
        timeStamp: time.toISOString().replace(/\.\d+Z$/, 'Z'),
        timeStampStr: time.toISOString(),
        podName: name,
      }),
    );
  const now = new Date().toISOString();
  writer.send({
    last: true,
    timeStamp: now.replace(/\.\d+Z$/, 'Z'),
    timeStampStr: now,
  });
  response.end();
}

function podsOf(
  api: ApiContext,
  application: Application,
  cluster: KubernetesCluster,
): { pod: KubernetesObject; owners: readonly string[] }[] {
  const nodes = resourceTree(api.controller, application).nodes ?? [];
  const byUid = new Map(nodes.map(node => [node.uid, node]));
  return nodes
    .filter(node => node.kind === 'Pod')
    .flatMap(node => {
      const owners: string[] = [];
      for (
        let current: ResourceNode | undefined = node;
        current;
        current = byUid.get(current.parentRefs?.[0]?.uid)
      ) {
        owners.push(`${current.kind}/${current.name}`);
      }
      const pod = liveObject(cluster, node);
      return pod ? [{ pod, owners }] : [];
    });
}
