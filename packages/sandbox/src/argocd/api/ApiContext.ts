import type { Request } from 'express';
import type { SandboxContext } from '../../core/SandboxContext';
import type {
  KubernetesCluster,
  KubernetesObject,
} from '../../kubernetes/KubernetesCluster';
import type { ApplicationController } from '../ApplicationController';
import { APPLICATION_TYPE } from '../ApplicationTypes';
import type { Application, HealthStatus } from '../ApplicationTypes';
import type { Destinations } from '../Destinations';
import type { GitRepositories } from '../git/GitRepositories';
import { projectOf } from '../projects';
import { invalidArgument, notFound, permissionDenied } from './ApiError';
import { resourceTree } from './resourceTree';

/** Lines that a container has written, by cluster. @internal */
export type PodLogs = (
  cluster: KubernetesCluster,
  pod: KubernetesObject,
  options: { readonly container: string; readonly previous: boolean },
) => readonly { readonly time: Date; readonly line: string }[];

/** What the routes of the API work with. @internal */
export interface ApiContext {
  readonly context: SandboxContext;
  readonly home: KubernetesCluster;
  readonly namespace: string;
  readonly destinations: Destinations;
  readonly repositories: GitRepositories;
  readonly controller: ApplicationController;
  readonly podLogs: PodLogs;
}

/** All values of a query parameter. @internal */
export function queryValues(request: Request, name: string): string[] {
  const value = request.query[name];
  return (Array.isArray(value) ? value : [value]).filter(
    (item): item is string => typeof item === 'string' && item !== '',
  );
}

/** The first value of a query parameter. @internal */
export function queryValue(request: Request, name: string): string | undefined {
  return queryValues(request, name)[0];
}

/** The Application's address in an API call. @internal */
export interface ApplicationAddress {
  readonly name: string;
  readonly appNamespace?: string;
  readonly project?: string;
}

/** The address in path and query. @internal */
export function addressOf(request: Request): ApplicationAddress {
  const projects = [
    ...queryValues(request, 'project'),
    ...queryValues(request, 'projects'),
  ];
  if (new Set(projects).size > 1) {
    throw invalidArgument(
      'multiple projects specified - the get endpoint accepts either zero or one project',
    );
  }
  return {
    name: request.params.name,
    appNamespace: queryValue(request, 'appNamespace'),
    project: projects[0],
  };
}

/**
 * The Application at an address. Without a project nobody is told whether it exists: that is 403. With the wrong
 * one it is 404.
 *
 * @internal
 */
export function findApplication(
  api: ApiContext,
  { name, appNamespace, project }: ApplicationAddress,
): Application {
  const application = api.home.get({
    ...APPLICATION_TYPE,
    namespace: appNamespace || api.namespace,
    name,
  }) as Application | undefined;
  if (!application) {
    throw project ? missing(name) : permissionDenied();
  }
  if (project && (application.spec.project || 'default') !== project) {
    throw missing(name);
  }
  if (!projectOf(api.home, application, api.namespace)) {
    throw notFound(
      `appprojects.argoproj.io "${application.spec.project}" not found`,
    );
  }
  return application;
}

function missing(name: string) {
  return notFound(`applications.argoproj.io "${name}" not found`);
}

/** An Application as the API answers it: with the health of each resource, which is not stored with it. @internal */
export function withResourceHealth(
  api: ApiContext,
  application: Application,
): Application {
  const { status } = application;
  if (status?.resourceHealthSource !== 'appTree' || !status.resources) {
    return application;
  }
  if (!api.controller.known(application)) {
    return application;
  }
  const byKey = new Map<string, HealthStatus | undefined>(
    (resourceTree(api.controller, application).nodes ?? []).map(node => [
      `${node.group ?? ''}/${node.kind}/${node.namespace ?? ''}/${node.name}`,
      node.health?.status === 'Missing'
        ? { status: 'Missing', message: 'Resource has not been created' }
        : node.health,
    ]),
  );
  return {
    ...application,
    status: {
      ...status,
      resources: status.resources.map(resource => {
        const health = byKey.get(
          `${resource.group ?? ''}/${resource.kind}/${
            resource.namespace ?? ''
          }/${resource.name}`,
        );
        return health ? { ...resource, health } : resource;
      }),
    },
  };
}
