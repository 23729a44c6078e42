import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Link } from '@backstage/ui';
import {
  RiAlertLine,
  RiCloseCircleLine,
  RiLoader4Line,
} from '@remixicon/react';
import { RelativeTime } from '@waystone/ui';
import { shellTranslationRef } from '../words/shellTranslationRef';
import { CardError, EmptyText, HomeCard, LoadingRows } from './HomeCard';
import { LinkList, LinkRow } from './LinkList';
import type { useWaitingForMe, WaitingItem } from './useWaitingForMe';
import styles from './WaitingForMe.module.css';

const icons = {
  attention: RiAlertLine,
  progressing: RiLoader4Line,
  critical: RiCloseCircleLine,
};

function StateIcon(props: { state: WaitingItem['state'] }) {
  const Icon = icons[props.state];
  return <Icon aria-hidden className={styles[props.state]} size={18} />;
}

/** Errors in what the signed-in person owns, feedback on its docs, unread notifications and template runs. */
export function WaitingForMe(props: {
  waiting: ReturnType<typeof useWaitingForMe>;
}) {
  const { value, error, loading, retry } = props.waiting;
  const { t } = useTranslationRef(shellTranslationRef);
  const titles: Readonly<Record<string, (item: WaitingItem) => string>> = {
    task: ({ title }) => t('waiting.task', { name: title }),
    problem: ({ title }) => t('waiting.problem', { name: title }),
    feedback: ({ title, count = 1 }) =>
      t('waiting.feedback', { name: title, count }),
  };
  return (
    <HomeCard
      title={t('waiting.title')}
      action={
        <Link href="/notifications" variant="body-small">
          {t('waiting.all')}
        </Link>
      }
    >
      {error && <CardError error={error} retry={retry} />}
      {!value && loading && <LoadingRows rows={2} />}
      {value && value.length === 0 && (
        <EmptyText title={t('waiting.empty')} help={t('waiting.emptyHelp')} />
      )}
      {value && value.length > 0 && (
        <LinkList>
          {value.map(item => (
            <LinkRow
              key={item.id}
              href={item.link}
              start={<StateIcon state={item.state} />}
              title={titles[item.id.split(':', 1)[0]]?.(item) ?? item.title}
              detail={
                item.id.startsWith('task:')
                  ? t(
                      item.state === 'critical'
                        ? 'waiting.taskFailed'
                        : 'waiting.taskRunning',
                    )
                  : item.detail
              }
              end={<RelativeTime value={item.since} />}
            />
          ))}
        </LinkList>
      )}
    </HomeCard>
  );
}
