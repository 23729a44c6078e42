import type { Router } from 'express';
import {
  APPLICATION_TYPE,
  REFRESH_ANNOTATION,
  sourcesOf,
} from '../ApplicationTypes';
import type { Application } from '../ApplicationTypes';
import { keyOf, refOf } from '../live/ResourceKey';
import { explainRenderError } from '../explainRenderError';
import { projectOf, sameRepository } from '../projects';
import type { JsonObject } from '../rendering/Json';
import { matchesSelector } from '../rendering/labelSelector';
import { activeWindows, canSync, windowsOf } from '../sync/syncWindows';
import type { SyncWindow } from '../sync/syncWindows';
import {
  addressOf,
  findApplication,
  queryValue,
  queryValues,
  withResourceHealth,
} from './ApiContext';
import type { ApiContext } from './ApiContext';
import { ApiError } from './ApiError';
import { answer } from './answer';
import { hideSecret } from './hideSecret';
import { resourceTree } from './resourceTree';
import { selectListFields } from './selectFields';

/** How long a refresh may take, in milliseconds. */
const REFRESH_LIMIT = 60_000;

/** The routes that read Applications. @internal */
export function addReadRoutes(router: Router, api: ApiContext): void {
  router.get(
    '/api/v1/applications',
    answer(request => {
      const projects = [
        ...queryValues(request, 'projects'),
        ...queryValues(request, 'project'),
      ];
      const namespace = queryValue(request, 'appNamespace');
      const selector = queryValue(request, 'selector');
      const repository = queryValue(request, 'repo');
      const name = queryValue(request, 'name');
      let newest = 0n;
      const items = (
        api.home.list(APPLICATION_TYPE) as readonly Application[]
      ).filter(({ metadata, spec }) => {
        const version = BigInt(metadata.resourceVersion ?? 0);
        newest = version > newest ? version : newest;
        return (
          (!namespace || metadata.namespace === namespace) &&
          (!name || metadata.name === name) &&
          (projects.length === 0 ||
            projects.includes(spec.project || 'default')) &&
          matchesSelector(selector, metadata.labels) &&
          (!repository ||
            sourcesOf(spec).some(({ repoURL }) =>
              sameRepository(repoURL, repository),
            ))
        );
      });
      return {
        metadata: { resourceVersion: String(newest) },
        items:
          items.length > 0
            ? selectListFields(
                items as unknown as JsonObject[],
                request.query.fields,
              )
            : null,
      };
    }),
  );

  router.get(
    '/api/v1/applications/:name',
    answer(async request => {
      const application = findApplication(api, addressOf(request));
      const refresh = queryValue(request, 'refresh');
      return withResourceHealth(
        api,
        refresh === undefined
          ? application
          : await refreshApplication(
              api,
              application,
              refresh === 'hard' ? 'hard' : 'normal',
            ),
      );
    }),
  );

  router.get(
    '/api/v1/applications/:name/resource-tree',
    answer(request => {
      const application = findApplication(api, addressOf(request));
      return resourceTree(
        api.controller,
        application,
        projectOf(api.home, application, api.namespace),
      );
    }),
  );

  router.get(
    '/api/v1/applications/:name/managed-resources',
    answer(request => {
      const application = findApplication(api, addressOf(request));
      const wanted = (field: string, value: string) => {
        const filter = queryValue(request, field);
        return filter === undefined || filter === value;
      };
      const compared =
        api.controller.known(application)?.comparison?.compared ?? [];
      const items = compared
        .filter(item => {
          const key = keyOf((item.target ?? item.live)!);
          return (
            wanted('group', key.group) &&
            wanted('kind', key.kind) &&
            wanted('namespace', key.namespace) &&
            wanted('name', key.name)
          );
        })
        .map(({ target, live, difference, modified, hook }) => {
          const { group, kind, namespace, name } = keyOf((target ?? live)!);
          const text = (object: object | undefined) =>
            object === undefined ? 'null' : JSON.stringify(hideSecret(object));
          const liveObject = live as object | undefined;
          return {
            ...(group && { group }),
            kind,
            ...(namespace && { namespace }),
            name,
            targetState: text(target),
            liveState: text(liveObject),
            normalizedLiveState: text(difference?.normalizedLive ?? liveObject),
            predictedLiveState: text(difference?.predictedLive ?? target),
            ...(live && { resourceVersion: live.metadata.resourceVersion }),
            ...(modified && !hook && { modified: true }),
            ...(hook && { hook: true }),
          };
        });
      return items.length > 0 ? { items } : {};
    }),
  );

  router.get(
    '/api/v1/applications/:name/manifests',
    answer(async request => {
      const application = findApplication(api, addressOf(request));
      const destination = api.destinations.find(application.spec.destination);
      if (typeof destination === 'string') {
        throw new ApiError(2, destination);
      }
      const sources = sourcesOf(application.spec);
      const asked = queryValue(request, 'revision');
      try {
        const { manifests } = api.controller;
        const revisions = await manifests.resolve(
          sources,
          asked ? [asked] : [],
        );
        const state = await manifests.load(
          application,
          destination,
          api.controller.instanceOf(application),
          { revisions },
        );
        return {
          manifests: [...state.resources, ...state.hooks].map(object =>
            JSON.stringify(hideSecret(object)),
          ),
        };
      } catch (error) {
        throw new ApiError(
          2,
          `error generating manifests: ${explainRenderError(
            (error as Error).message,
          )}`,
        );
      }
    }),
  );

  router.get(
    '/api/v1/applications/:name/revisions/:revision/metadata',
    answer(async request => {
      const application = findApplication(api, addressOf(request));
      const index = Number(queryValue(request, 'sourceIndex') ?? 0);
      const source = sourcesOf(application.spec)[index];
      if (!source) {
        throw new ApiError(2, `source index ${index} not found`);
      }
      try {
        const { tags, ...metadata } = await api.repositories.readMetadata(
          source.repoURL,
          request.params.revision,
        );
        return { ...metadata, ...(tags.length > 0 && { tags }) };
      } catch (error) {
        throw new ApiError(
          2,
          `failed to get revision metadata: ${(error as Error).message}`,
        );
      }
    }),
  );

  router.get(
    '/api/v1/applications/:name/syncwindows',
    answer(request => {
      const application = findApplication(api, addressOf(request));
      const windows = windowsOf(
        projectOf(api.home, application, api.namespace),
        application,
      );
      const toApi = (list: readonly SyncWindow[]) =>
        list.map(({ kind, schedule, duration, manualSync }) => ({
          kind,
          schedule,
          duration,
          ...(manualSync !== undefined && { manualSync }),
        }));
      const active = activeWindows(windows);
      return {
        ...(active.length > 0 && { activeWindows: toApi(active) }),
        ...(windows.length > 0 && { assignedWindows: toApi(windows) }),
        canSync: canSync(windows, true),
      };
    }),
  );

  router.get(
    '/api/v1/applications/:name/events',
    answer(request => {
      const application = findApplication(api, addressOf(request));
      const uid = queryValue(request, 'resourceUID');
      const destination = api.destinations.find(application.spec.destination);
      const cluster =
        uid && typeof destination !== 'string' ? destination.cluster : api.home;
      const wanted = uid ?? application.metadata.uid;
      const items = cluster
        .list(
          { apiVersion: 'v1', kind: 'Event' },
          {
            namespace: uid
              ? queryValue(request, 'resourceNamespace')
              : application.metadata.namespace,
          },
        )
        .filter(event => event.involvedObject?.uid === wanted);
      return { metadata: {}, items };
    }),
  );

  router.get(
    '/api/v1/applications/:name/links',
    answer(request => {
      findApplication(api, addressOf(request));
      return {};
    }),
  );
}

/** Asks the controller for a refresh and waits until it is done. */
async function refreshApplication(
  api: ApiContext,
  application: Application,
  type: 'normal' | 'hard',
): Promise<Application> {
  const { home } = api;
  const { uid } = application.metadata;
  home.patch(refOf(application), {
    metadata: { annotations: { [REFRESH_ANNOTATION]: type } },
  });
  return await new Promise((resolve, reject) => {
    let unwatch = () => {};
    const timer = setTimeout(() => {
      unwatch();
      reject(new ApiError(2, 'application refresh deadline exceeded'));
    }, REFRESH_LIMIT);
    timer.unref();
    unwatch = home.watch(APPLICATION_TYPE, ({ object }) => {
      if (
        object.metadata.uid === uid &&
        object.metadata.annotations?.[REFRESH_ANNOTATION] === undefined
      ) {
        clearTimeout(timer);
        // The watch may tell before it has returned how to end it.
        queueMicrotask(() => unwatch());
        resolve(object as Application);
      }
    });
  });
}
