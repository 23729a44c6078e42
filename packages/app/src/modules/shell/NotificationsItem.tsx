import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { notificationsApiRef } from '@backstage/plugin-notifications';
import { useSignal } from '@backstage/plugin-signals-react';
import { RiNotification3Line } from '@remixicon/react';
import { useEffect, useState } from 'react';
import { shellTranslationRef } from '../words/shellTranslationRef';
import { NavigationItem } from './NavigationItem';
import styles from './NotificationsItem.module.css';

/** How many notifications are unread, kept current by signals. */
export function useUnread(): number {
  const notificationsApi = useApi(notificationsApiRef);
  const { lastSignal } = useSignal('notifications');
  const [unread, setUnread] = useState(0);

  useEffect(() => {
    let cancelled = false;
    notificationsApi.getStatus().then(
      status => !cancelled && setUnread(status.unread),
      () => {
        // The count is an extra: without it the link still works, and the page says what is wrong
      },
    );
    return () => {
      cancelled = true;
    };
  }, [notificationsApi, lastSignal]);
  return unread;
}

/** Notifications with the number of unread ones. */
export function NotificationsItem(props: { readonly unread: number }) {
  const { unread } = props;
  const { t } = useTranslationRef(shellTranslationRef);

  return (
    <NavigationItem
      href="/notifications"
      icon={<RiNotification3Line />}
      title={t('nav.notifications')}
      end={
        unread > 0 && (
          <span
            className={styles.count}
            aria-label={t('nav.unread', { number: String(unread) })}
          >
            {unread > 99 ? '99+' : unread}
          </span>
        )
      }
    />
  );
}
