import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import type {
  OverviewList,
  OverviewResponse,
} from '@waystone/plugin-catalog-overview-common';
import { catalogOverviewTranslationRef } from '../translation';
import styles from './PartsSection.module.css';
import { Section } from './Section';

/** Its place in the system: what it consists of, and what else the system has. */
export function PartsSection(props: { response: OverviewResponse }) {
  const { parts, system, entityRef } = props.response;
  const { t } = useTranslationRef(catalogOverviewTranslationRef);
  const isSystem = entityRef.startsWith('system:');
  return (
    <>
      {(isSystem || parts.total > 0) && (
        <Section title={t('overview.parts')}>
          <Parts list={parts} />
        </Section>
      )}
      {system && (
        <Section
          title={t('overview.inSystem', { system: system.entity.title })}
          aside={
            <span className={styles.aside}>
              <EntityRefLink
                entityRef={system.entity.entityRef}
                title={t('overview.openSystem')}
              />
            </span>
          }
        >
          <Parts list={system.otherParts} />
        </Section>
      )}
    </>
  );
}

function Parts(props: { list: OverviewList }) {
  const { items, total } = props.list;
  const { t } = useTranslationRef(catalogOverviewTranslationRef);
  if (total === 0) {
    return <p className={styles.none}>{t('overview.noParts')}</p>;
  }
  return (
    <>
      <ul className={styles.parts}>
        {items.map(item => (
          <li key={item.entityRef}>
            {item.exists ? (
              <EntityRefLink entityRef={item.entityRef} title={item.title} />
            ) : (
              item.title
            )}
            <span className={styles.facts}>
              {item.exists
                ? [
                    item.type ?? item.kind.toLocaleLowerCase('en'),
                    item.owner?.title,
                  ]
                    .filter(Boolean)
                    .join(' · ')
                : t('overview.missing')}
            </span>
          </li>
        ))}
      </ul>
      {total > items.length && (
        <p className={styles.none}>
          {t('overview.more', { count: total - items.length })}
        </p>
      )}
    </>
  );
}
