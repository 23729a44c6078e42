import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button, Skeleton, Text } from '@backstage/ui';
import {
  RiAlertFill,
  RiCheckboxCircleFill,
  RiCloseCircleFill,
  RiLoader4Line,
} from '@remixicon/react';
import { LinkList, LinkRow, messageOf, RelativeTime } from '@waystone/ui';
import { useState } from 'react';
import styles from './InboxList.module.css';
import type { InboxItem } from './InboxSource';
import { inboxTranslationRef } from './translation';
import { LateSourceError } from './useInbox';
import type { Inbox } from './useInbox';

const icons = {
  critical: RiCloseCircleFill,
  attention: RiAlertFill,
  progressing: RiLoader4Line,
};

/**
 * What needs somebody: rows, and below them the sources that can not be read.
 *
 * @param props - `most` rows are shown until more is asked for; `empty` says why it is good that there are none
 *
 * @public
 */
export function InboxList(props: {
  readonly inbox: Inbox;
  readonly most?: number;
  readonly empty: { readonly title: string; readonly help: string };
}) {
  const { empty, inbox, most = 6 } = props;
  const { entries, failures, pending, retry } = inbox;
  const { t } = useTranslationRef(inboxTranslationRef);
  const [isWhole, setIsWhole] = useState(false);
  const shown = isWhole ? entries : entries.slice(0, most);
  const nothing = entries.length === 0 && pending.length === 0;

  return (
    <>
      {entries.length === 0 && pending.length > 0 && (
        <div className={styles.loading} role="status" aria-label={t('loading')}>
          <Skeleton height={16} width="78%" />
          <Skeleton height={16} width="61%" />
        </div>
      )}
      {nothing && failures.length === 0 && (
        <div className={styles.empty}>
          <span className={styles.good}>
            <RiCheckboxCircleFill size={18} aria-hidden />
            {empty.title}
          </span>
          <Text color="secondary">{empty.help}</Text>
        </div>
      )}
      {shown.length > 0 && (
        <LinkList>
          {shown.map(item => (
            <LinkRow
              key={item.id}
              href={item.link}
              start={<StateIcon state={item.state} />}
              title={<span title={item.title}>{item.title}</span>}
              detail={
                <span className={styles.detail} title={item.detail}>
                  {item.source.title}
                  {item.detail && ` · ${item.detail}`}
                </span>
              }
              end={item.since && <RelativeTime value={item.since} />}
            />
          ))}
        </LinkList>
      )}
      {entries.length > most && (
        <div className={styles.foot}>
          <Button
            variant="tertiary"
            size="small"
            onPress={() => setIsWhole(!isWhole)}
          >
            {isWhole
              ? t('less')
              : t('all', { count: entries.length - shown.length })}
          </Button>
        </div>
      )}
      {entries.length > 0 && pending.length > 0 && (
        <p className={styles.note} role="status">
          {t('reading', { sources: pending.join(', ') })}
        </p>
      )}
      {nothing && failures.length > 0 && (
        <p className={styles.note}>{t('incomplete')}</p>
      )}
      {failures.map(({ error, source }) => (
        <div key={source} className={styles.failure} role="alert">
          <span>
            <strong>{t('failed', { source })}</strong>{' '}
            <span className={styles.reason}>
              {error instanceof LateSourceError
                ? t('late', { seconds: String(error.seconds) })
                : messageOf(error)}
            </span>
          </span>
          <Button
            variant="secondary"
            size="small"
            aria-label={t('retryLabel', { source })}
            onPress={retry}
          >
            {t('retry')}
          </Button>
        </div>
      ))}
    </>
  );
}

function StateIcon(props: { readonly state: InboxItem['state'] }) {
  const { state } = props;
  const { t } = useTranslationRef(inboxTranslationRef);
  const Icon = icons[state];
  return (
    <Icon
      role="img"
      aria-label={t(`state.${state}`)}
      className={styles[state]}
      size={18}
    />
  );
}
