import { Link } from '@backstage/core-components';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import { Avatar, Skeleton, Text } from '@backstage/ui';
import { RiAlarmWarningLine, RiChat3Line } from '@remixicon/react';
import type { OverviewResponse } from '@waystone/plugin-catalog-overview-common';
import { catalogOverviewTranslationRef } from '../translation';
import styles from './OwnerSection.module.css';
import { Section } from './Section';

/** Who owns it, and how to reach them. */
export function OwnerSection(props: { response?: OverviewResponse }) {
  const { response } = props;
  const { t } = useTranslationRef(catalogOverviewTranslationRef);
  return (
    <Section title={t('table.owner')}>
      {response ? (
        <Owner response={response} />
      ) : (
        <div
          className={styles.skeleton}
          role="status"
          aria-label={t('overview.loading')}
        >
          <Skeleton width="50%" height={20} />
          <Skeleton width="70%" height={20} />
          <Skeleton width="60%" height={20} />
          {Array.from({ length: 4 }, (_, row) => (
            <Skeleton key={row} width="80%" height={24} />
          ))}
        </div>
      )}
    </Section>
  );
}

function Owner(props: { response: OverviewResponse }) {
  const { owner, chat, onCall } = props.response;
  const { t } = useTranslationRef(catalogOverviewTranslationRef);
  return (
    <>
      {owner?.exists && (
        <div className={styles.owner}>
          <EntityRefLink entityRef={owner.entityRef} title={owner.title} />
          {owner.description && (
            <Text as="p" variant="body-small" color="secondary">
              {owner.description}
            </Text>
          )}
        </div>
      )}
      {owner && !owner.exists && (
        <Text as="p">
          {owner.title}{' '}
          <span className={styles.missing}>{t('overview.missing')}</span>
        </Text>
      )}
      {!owner && (
        <Text as="p" color="secondary">
          {t('overview.noOwner')}
        </Text>
      )}
      {(chat || onCall) && (
        <ul className={styles.contacts}>
          {chat && (
            <li>
              <RiChat3Line size={16} aria-hidden />
              <Link to={chat.url}>{chat.title}</Link>
            </li>
          )}
          {onCall && (
            <li>
              <RiAlarmWarningLine size={16} aria-hidden />
              <Link to={onCall}>{t('overview.onCall')}</Link>
            </li>
          )}
        </ul>
      )}
      {owner && owner.members.total > 0 && (
        <div>
          <h3 className={styles.title}>
            {t('overview.people')}{' '}
            <span className={styles.count}>{owner.members.total}</span>
          </h3>
          <ul className={styles.people}>
            {owner.members.items.map(person => (
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
                />
              </li>
            ))}
          </ul>
          {owner.members.total > owner.members.items.length && (
            <Text as="p" variant="body-small" color="secondary">
              {t('overview.more', {
                count: owner.members.total - owner.members.items.length,
              })}
            </Text>
          )}
        </div>
      )}
    </>
  );
}
