import { identityApiRef } from '@backstage/frontend-plugin-api';
import { notificationsApiRef } from '@backstage/plugin-notifications';
import { scaffolderApiRef } from '@backstage/plugin-scaffolder-react';
import { InboxSourceBlueprint, readWords } from '@waystone/plugin-inbox-react';
import type { InboxItem } from '@waystone/plugin-inbox-react';
import { shellTranslationRef } from '../words/shellTranslationRef';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Notifications that the person has not read. */
export const notificationsSource = InboxSourceBlueprint.make({
  name: 'notifications',
  params: {
    id: 'notifications',
    title: 'Notification',
    read: async ({ apis, audience, limit }): Promise<InboxItem[]> => {
      if (audience.type !== 'me') {
        return [];
      }
      const { notifications } = await apis
        .get(notificationsApiRef)!
        .getNotifications({ read: false, limit });
      return notifications.map(({ created, id, payload }) => ({
        id,
        title: payload.title,
        detail: payload.description,
        link: payload.link ?? '/notifications',
        since: new Date(created).toISOString(),
        state: payload.severity === 'critical' ? 'critical' : 'attention',
        topic: payload.topic ?? '',
      }));
    },
  },
});

/** The person's own template runs that go on, or failed within a day. */
export const templateRunsSource = InboxSourceBlueprint.make({
  name: 'template-runs',
  params: {
    id: 'template-runs',
    title: 'Template run',
    read: async ({ apis, audience, limit }): Promise<InboxItem[]> => {
      if (audience.type !== 'me') {
        return [];
      }
      const { userEntityRef } = await apis
        .get(identityApiRef)!
        .getBackstageIdentity();
      const answer = await apis
        .get(scaffolderApiRef)!
        .listTasks?.({ filterByOwnership: 'owned', limit });
      const t = await readWords(apis, shellTranslationRef);
      return (answer?.tasks ?? [])
        .filter(
          ({ createdAt, spec, status }) =>
            spec.user?.ref === userEntityRef &&
            (status === 'open' ||
              status === 'processing' ||
              (status === 'failed' &&
                Date.now() - Date.parse(createdAt) < DAY_MS)),
        )
        .map(({ createdAt, id, spec, status }) => ({
          id,
          title:
            spec.templateInfo?.entity?.metadata.title ??
            spec.templateInfo?.entityRef ??
            id,
          detail: t(
            status === 'failed' ? 'waiting.taskFailed' : 'waiting.taskRunning',
          ),
          link: `/create/tasks/${encodeURIComponent(id)}`,
          since: createdAt,
          state: status === 'failed' ? 'critical' : 'progressing',
        }));
    },
  },
});
