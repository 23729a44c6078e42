import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import { Avatar, Text } from '@backstage/ui';
import type { OwnershipResponse } from '@waystone/plugin-catalog-overview-common';
import ownerStyles from '../overview/OwnerSection.module.css';
import { Section } from '../overview/Section';
import styles from './OwnershipLayout.module.css';
import { catalogOwnershipTranslationRef } from './translation';

/** Who is in a team. */
export function PeopleSection(props: {
  readonly members: OwnershipResponse['members'];
}) {
  const { items, total } = props.members;
  const { t } = useTranslationRef(catalogOwnershipTranslationRef);
  return (
    <Section
      title={
        <>
          {t('people.title')} <span className={styles.count}>{total}</span>
        </>
      }
    >
      {total === 0 ? (
        <div>
          <Text as="p">{t('people.none')}</Text>
          <Text as="p" color="secondary" variant="body-small">
            {t('people.noneHelp')}
          </Text>
        </div>
      ) : (
        <ul className={ownerStyles.people} aria-label={t('people.title')}>
          {items.map(person => (
            <li key={person.entityRef}>
              <Avatar
                src={person.picture ?? ''}
                name={person.title}
                size="small"
                purpose="decoration"
              />
              <EntityRefLink
                entityRef={person.entityRef}
                title={person.title}
                hideIcon
              />
              {person.leads && (
                <span className={styles.note}>{t('people.lead')}</span>
              )}
            </li>
          ))}
        </ul>
      )}
      {total > items.length && (
        <p className={styles.note}>
          {t('people.more', { count: total - items.length })}
        </p>
      )}
    </Section>
  );
}
