import { identityApiRef, useApi } from '@backstage/frontend-plugin-api';
import { notificationsApiRef } from '@backstage/plugin-notifications';
import { scaffolderApiRef } from '@backstage/plugin-scaffolder-react';
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

const LIMIT = 6;
const DAY_MS = 24 * 60 * 60 * 1000;

/** Unread notifications, and the person's own template runs that go on or failed within a day. */
export function useWaitingForMe() {
  const identityApi = useApi(identityApiRef);
  const notificationsApi = useApi(notificationsApiRef);
  const scaffolderApi = useApi(scaffolderApiRef);

  return useAsyncRetry(async (): Promise<WaitingItem[]> => {
    const { userEntityRef } = await identityApi.getBackstageIdentity();
    const [notifications, tasks] = await Promise.all([
      notificationsApi.getNotifications({ read: false, limit: LIMIT }),
      scaffolderApi.listTasks?.({ filterByOwnership: 'owned', limit: LIMIT }),
    ]);
    const fromNotifications = notifications.notifications.map(
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
    return [...fromTasks, ...fromNotifications]
      .sort((a, b) => b.since.localeCompare(a.since))
      .slice(0, LIMIT);
  }, [identityApi, notificationsApi, scaffolderApi]);
}
