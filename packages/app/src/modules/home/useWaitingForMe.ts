import { parseEntityRef } from '@backstage/catalog-model';
import {
  fetchApiRef,
  identityApiRef,
  useApi,
} from '@backstage/frontend-plugin-api';
import type { FetchApi } from '@backstage/frontend-plugin-api';
import { notificationsApiRef } from '@backstage/plugin-notifications';
import { scaffolderApiRef } from '@backstage/plugin-scaffolder-react';
import { problemsResponseSchema } from '@waystone/plugin-catalog-overview-common';
import type { ProblemsResponse } from '@waystone/plugin-catalog-overview-common';
import useAsyncRetry from 'react-use/esm/useAsyncRetry';

/** Something that the signed-in person should look at. */
export type WaitingItem = {
  id: string;
  title: string;
  detail?: string;
  /** A path in the portal, or an https address. */
  link: string;
  /** RFC 3339. */
  since: string;
  state: 'attention' | 'progressing' | 'critical';
};

/** The topic of notifications about what the list of problems says too. */
const PROBLEM_TOPIC = 'catalog-problem';

const LIMIT = 6;
const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Errors in catalog entries that the person or a team of hers owns, unread notifications, and her own template runs
 * that go on or failed within a day.
 */
export function useWaitingForMe() {
  const fetchApi = useApi(fetchApiRef);
  const identityApi = useApi(identityApiRef);
  const notificationsApi = useApi(notificationsApiRef);
  const scaffolderApi = useApi(scaffolderApiRef);

  return useAsyncRetry(async (): Promise<WaitingItem[]> => {
    const { userEntityRef } = await identityApi.getBackstageIdentity();
    const [problems, notifications, tasks] = await Promise.all([
      readProblems(fetchApi),
      notificationsApi.getNotifications({ read: false, limit: LIMIT }),
      scaffolderApi.listTasks?.({ filterByOwnership: 'owned', limit: LIMIT }),
    ]);
    const fromNotifications = notifications.notifications
      .filter(({ payload }) => !problems || payload.topic !== PROBLEM_TOPIC)
      .map(
        ({ id, created, payload }): WaitingItem => ({
          id: `notification:${id}`,
          title: payload.title,
          detail: payload.description,
          link: payload.link ?? '/notifications',
          since: new Date(created).toISOString(),
          state: payload.severity === 'critical' ? 'critical' : 'attention',
        }),
      );
    const fromTasks = (tasks?.tasks ?? [])
      .filter(task => task.spec.user?.ref === userEntityRef)
      .filter(
        task =>
          task.status === 'open' ||
          task.status === 'processing' ||
          (task.status === 'failed' &&
            Date.now() - Date.parse(task.createdAt) < DAY_MS),
      )
      .map(
        (task): WaitingItem => ({
          id: `task:${task.id}`,
          title:
            task.spec.templateInfo?.entity?.metadata.title ??
            task.spec.templateInfo?.entityRef ??
            task.id,
          link: `/create/tasks/${encodeURIComponent(task.id)}`,
          since: task.createdAt,
          state: task.status === 'failed' ? 'critical' : 'progressing',
        }),
      );
    return [...toItems(problems), ...fromTasks, ...fromNotifications]
      .sort((a, b) => b.since.localeCompare(a.since))
      .slice(0, LIMIT);
  }, [fetchApi, identityApi, notificationsApi, scaffolderApi]);
}

/** Undefined if they can't be read: the rest of the list matters too, and the page of problems says why. */
async function readProblems(
  fetchApi: FetchApi,
): Promise<ProblemsResponse | undefined> {
  try {
    const response = await fetchApi.fetch(
      `plugin://catalog/waystone/problems?mine=true&severity=error&limit=${LIMIT}`,
    );
    return response.ok
      ? problemsResponseSchema.parse(await response.json())
      : undefined;
  } catch {
    return undefined;
  }
}

function toItems(problems: ProblemsResponse | undefined): WaitingItem[] {
  return (problems?.items ?? []).map(problem => {
    // People know the service, not the location that brings it
    const { entityRef, id, message, since, subjectRef = entityRef } = problem;
    const { kind, name, namespace } = parseEntityRef(subjectRef);
    const path = [namespace, kind, name].map(encodeURIComponent).join('/');
    return {
      id: `problem:${entityRef} ${id}`,
      title: name,
      detail: message,
      link: `/catalog/${path}`,
      since: since ?? new Date().toISOString(),
      state: 'critical',
    };
  });
}
