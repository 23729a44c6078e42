import { createHash, timingSafeEqual } from 'node:crypto';
import type { Router } from 'express';
import { z } from 'zod';
import {
  APPLICATION_SET_TYPE,
  APPLICATION_TYPE,
  PROJECT_TYPE,
  sourcesOf,
} from '../ApplicationTypes';
import type { Application } from '../ApplicationTypes';
import { answer } from './answer';
import type { ApiContext } from './ApiContext';
import {
  ApiError,
  invalidArgument,
  notFound,
  unauthenticated,
} from './ApiError';

/** The version that the sandbox answers like. @internal */
export const VERSION = 'v3.5.1+sandbox';

const loginSchema = z.object({ username: z.string(), password: z.string() });

/** Whether two secrets are the same, in the same time whatever they are. @internal */
export function isSameSecret(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/** Routes that anybody may call. @internal */
export function addOpenRoutes(router: Router, api: ApiContext): void {
  router.get(
    '/api/version',
    answer(() => ({ Version: VERSION })),
  );
  router.post(
    '/api/v1/session',
    answer(request => {
      const login = loginSchema.safeParse(request.body);
      if (
        !login.success ||
        login.data.username !== 'admin' ||
        !isSameSecret(login.data.password, api.context.token)
      ) {
        throw unauthenticated('Invalid username or password');
      }
      return { token: api.context.token };
    }),
  );
}

/** Projects, clusters, repositories, ApplicationSets and who one is. @internal */
export function addSettingRoutes(router: Router, api: ApiContext): void {
  const { home, namespace } = api;

  router.get(
    '/api/v1/session/userinfo',
    answer(() => ({ loggedIn: true, username: 'admin', iss: 'argocd' })),
  );
  router.delete(
    '/api/v1/session',
    answer(() => ({ token: '' })),
  );
  router.get(
    '/api/v1/account/can-i/:resource/:action/:subresource(*)',
    answer(() => ({ value: 'yes' })),
  );
  router.get(
    '/api/v1/settings',
    answer(() => ({
      url: `${api.context.url}/argocd`,
      appLabelKey: 'app.kubernetes.io/instance',
      trackingMethod: 'annotation',
      controllerNamespace: namespace,
    })),
  );

  router.get(
    '/api/v1/projects',
    answer(() => ({
      metadata: {},
      items: home.list(PROJECT_TYPE, { namespace }),
    })),
  );
  router.get(
    '/api/v1/projects/:name',
    answer(request => findProject(api, request.params.name)),
  );
  router.post(
    '/api/v1/projects',
    answer(request => {
      const { project, upsert } = parseProject(request.body);
      const existing = home.get({
        ...PROJECT_TYPE,
        namespace,
        name: project.metadata.name,
      });
      if (existing && !upsert) {
        throw new ApiError(
          3,
          'existing project spec is different, use upsert flag to force update',
        );
      }
      return saveProject(api, project);
    }),
  );
  router.put(
    '/api/v1/projects/:name',
    answer(request => {
      findProject(api, request.params.name);
      return saveProject(api, parseProject(request.body).project);
    }),
  );
  router.delete(
    '/api/v1/projects/:name',
    answer(request => {
      const { name } = request.params;
      findProject(api, name);
      const used = (
        home.list(APPLICATION_TYPE) as readonly Application[]
      ).filter(({ spec }) => (spec.project || 'default') === name);
      if (used.length > 0) {
        throw invalidArgument(
          `project is referenced by ${used.length} applications`,
        );
      }
      home.delete({ ...PROJECT_TYPE, namespace, name });
      return {};
    }),
  );
  router.get(
    '/api/v1/projects/:name/syncwindows',
    answer(request => {
      const windows = findProject(api, request.params.name).spec?.syncWindows;
      return windows ? { windows } : {};
    }),
  );

  const clusters = () => {
    const counts = new Map<string, number>();
    for (const application of home.list(
      APPLICATION_TYPE,
    ) as readonly Application[]) {
      const found = api.destinations.find(application.spec.destination ?? {});
      if (typeof found !== 'string') {
        counts.set(found.name, (counts.get(found.name) ?? 0) + 1);
      }
    }
    return api.destinations.all().map(({ name, server }) => ({
      server,
      name,
      config: { tlsClientConfig: { insecure: false } },
      connectionState: {
        status: 'Successful',
        message: '',
        attemptedAt: null,
      },
      serverVersion: '1.34',
      info: {
        connectionState: { status: 'Successful', message: '' },
        serverVersion: '1.34',
        cacheInfo: {},
        applicationsCount: counts.get(name) ?? 0,
      },
    }));
  };
  router.get(
    '/api/v1/clusters',
    answer(() => ({ metadata: {}, items: clusters() })),
  );
  router.get(
    '/api/v1/clusters/:id',
    answer(request => {
      const found = clusters().find(
        ({ name, server }) =>
          server === request.params.id || name === request.params.id,
      );
      if (!found) {
        throw notFound(`cluster "${request.params.id}" not found`);
      }
      return found;
    }),
  );

  router.get(
    '/api/v1/repositories',
    answer(() => {
      const urls = new Set(
        (home.list(APPLICATION_TYPE) as readonly Application[]).flatMap(
          ({ spec }) => sourcesOf(spec).map(({ repoURL }) => repoURL),
        ),
      );
      return {
        metadata: {},
        items: [...urls].sort().map(repo => ({
          repo,
          type: 'git',
          connectionState: {
            status: 'Successful',
            message: '',
            attemptedAt: null,
          },
        })),
      };
    }),
  );

  router.get(
    '/api/v1/applicationsets',
    answer(() => ({ metadata: {}, items: home.list(APPLICATION_SET_TYPE) })),
  );
  router.get(
    '/api/v1/applicationsets/:name',
    answer(request => {
      const { name } = request.params;
      const found = home.get({ ...APPLICATION_SET_TYPE, namespace, name });
      if (!found) {
        throw notFound(`applicationsets.argoproj.io "${name}" not found`);
      }
      return found;
    }),
  );
  router.post(
    '/api/v1/applicationsets',
    answer(request => {
      const body = z
        .looseObject({ metadata: z.looseObject({ name: z.string() }) })
        .safeParse(request.body);
      if (!body.success) {
        throw invalidArgument('applicationset is nil in request');
      }
      return home.create({
        ...body.data,
        ...APPLICATION_SET_TYPE,
        metadata: { namespace, ...body.data.metadata },
      });
    }),
  );
  router.delete(
    '/api/v1/applicationsets/:name',
    answer(request => {
      const { name } = request.params;
      home.delete({ ...APPLICATION_SET_TYPE, namespace, name });
      return {};
    }),
  );
}

const projectSchema = z.looseObject({
  project: z.looseObject({
    metadata: z.looseObject({ name: z.string().min(1) }),
    spec: z.looseObject({}),
  }),
  upsert: z.boolean().nullish(),
});

function parseProject(body: unknown) {
  const result = projectSchema.safeParse(body);
  if (!result.success) {
    throw invalidArgument(result.error.issues[0].message);
  }
  return result.data;
}

function saveProject(
  { home, namespace }: ApiContext,
  project: z.output<typeof projectSchema>['project'],
) {
  const { name } = project.metadata;
  const existing = home.get({ ...PROJECT_TYPE, namespace, name });
  return existing
    ? home.update({ ...existing, spec: project.spec })
    : home.create({
        ...PROJECT_TYPE,
        metadata: { ...project.metadata, name, namespace },
        spec: project.spec,
      });
}

function findProject(api: ApiContext, name: string) {
  const { home, namespace } = api;
  const project = home.get({ ...PROJECT_TYPE, namespace, name });
  if (!project) {
    throw notFound(`appprojects.argoproj.io "${name}" not found`);
  }
  return project;
}
