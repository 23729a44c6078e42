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
import { docsFeedbackWaitingSchema } from '@waystone/plugin-techdocs-native-common';
import type { DocsFeedbackWaiting } from '@waystone/plugin-techdocs-native-common';
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
  /** How many wait for it. */
  count?: number;
  state: 'attention' | 'progressing' | 'critical';
};

/** The topic of notifications about what the list of problems says too. */
const PROBLEM_TOPIC = 'catalog-problem';

const LIMIT = 6;
const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Errors in catalog entries that the person or a team of hers owns, what readers say of their docs, unread
 * notifications, and her own template runs that go on or failed within a day.
 */
export function useWaitingForMe() {
  const fetchApi = useApi(fetchApiRef);
  const identityApi = useApi(identityApiRef);
  const notificationsApi = useApi(notificationsApiRef);
  const scaffolderApi = useApi(scaffolderApiRef);

  return useAsyncRetry(async (): Promise<WaitingItem[]> => {
    const { userEntityRef } = await identityApi.getBackstageIdentity();
    const [problems, feedback, notifications, tasks] = await Promise.all([
      readIfPossible(
        fetchApi,
        `plugin://catalog/waystone/problems?mine=true&severity=error&limit=${LIMIT}`,
        problemsResponseSchema,
      ),
      readIfPossible(
        fetchApi,
        `plugin://techdocs/native/feedback?limit=${LIMIT}`,
        docsFeedbackWaitingSchema,
      ),
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
    return [
      ...fromProblems(problems),
      ...fromFeedback(feedback),
      ...fromTasks,
      ...fromNotifications,
    ]
      .sort((a, b) => b.since.localeCompare(a.since))
      .slice(0, LIMIT);
  }, [fetchApi, identityApi, notificationsApi, scaffolderApi]);
}

/** Undefined if it can't be read: the rest of the list matters too, and the page of its own says why. */
async function readIfPossible<T>(
  fetchApi: FetchApi,
  url: string,
  schema: { parse(value: unknown): T },
): Promise<T | undefined> {
  try {
    const response = await fetchApi.fetch(url);
    return response.ok ? schema.parse(await response.json()) : undefined;
  } catch {
    return undefined;
  }
}

function pathOf(entityRef: string): string {
  const { kind, name, namespace } = parseEntityRef(entityRef);
  return [namespace, kind, name].map(encodeURIComponent).join('/');
}

function fromProblems(problems: ProblemsResponse | undefined): WaitingItem[] {
  return (problems?.items ?? []).map(problem => {
    // People know the service, not the location that brings it
    const { entityRef, id, message, since, subjectRef = entityRef } = problem;
    return {
      id: `problem:${entityRef} ${id}`,
      title: parseEntityRef(subjectRef).name,
      detail: message,
      link: `/catalog/${pathOf(subjectRef)}`,
      since: since ?? new Date().toISOString(),
      state: 'critical',
    };
  });
}

function fromFeedback(
  feedback: DocsFeedbackWaiting | undefined,
): WaitingItem[] {
  return (feedback?.items ?? []).map(
    ({ entityRef, latestAt, open, title }) => ({
      id: `feedback:${entityRef}`,
      title,
      count: open,
      link: `/docs-feedback/${pathOf(entityRef)}`,
      since: latestAt,
      state: 'attention',
    }),
  );
}
