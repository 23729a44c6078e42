import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Link } from '@backstage/ui';
import { InboxList } from '@waystone/plugin-inbox-react';
import type { Inbox } from '@waystone/plugin-inbox-react';
import { shellTranslationRef } from '../words/shellTranslationRef';
import { HomeCard } from './HomeCard';

/** What needs the signed-in person, from all pillars. */
export function WaitingForMe(props: { inbox: Inbox }) {
  const { t } = useTranslationRef(shellTranslationRef);
  return (
    <HomeCard
      title={t('waiting.title')}
      action={
        <Link href="/notifications" variant="body-small">
          {t('waiting.all')}
        </Link>
      }
    >
      <InboxList
        inbox={props.inbox}
        empty={{ title: t('waiting.empty'), help: t('waiting.emptyHelp') }}
      />
    </HomeCard>
  );
}
