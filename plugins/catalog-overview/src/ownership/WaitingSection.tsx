import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { InboxList, useInbox } from '@waystone/plugin-inbox-react';
import { Section } from '../overview/Section';
import { catalogOwnershipTranslationRef } from './translation';
import styles from './WaitingSection.module.css';

/** What needs a team, from all pillars, as far as the one who looks may see it. */
export function WaitingSection(props: { readonly entityRef: string }) {
  const { t } = useTranslationRef(catalogOwnershipTranslationRef);
  const inbox = useInbox({ type: 'team', entityRef: props.entityRef });
  return (
    <Section title={t('waiting.title')}>
      <div className={styles.list}>
        <InboxList
          inbox={inbox}
          most={4}
          empty={{ title: t('waiting.empty'), help: t('waiting.emptyHelp') }}
        />
      </div>
    </Section>
  );
}
