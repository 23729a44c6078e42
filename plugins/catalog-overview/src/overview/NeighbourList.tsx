import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import type {
  OverviewItem,
  OverviewList,
} from '@waystone/plugin-catalog-overview-common';
import { useId } from 'react';
import type { ReactNode } from 'react';
import { catalogOverviewTranslationRef } from '../translation';
import { shortName } from './shortName';
import styles from './NeighbourList.module.css';

/** Entities beside the one that is looked at, with who owns them. Nothing if there are none. */
export function NeighbourList(props: {
  title: string;
  list: OverviewList;
  /** Where the rest is, if there is more than is listed. */
  more?: ReactNode;
}) {
  const { title, list, more } = props;
  const { t } = useTranslationRef(catalogOverviewTranslationRef);
  const id = useId();
  if (list.total === 0) {
    return null;
  }
  return (
    <div className={styles.group}>
      <h3 id={id} className={styles.title}>
        {title} <span className={styles.count}>{list.total}</span>
      </h3>
      <ul aria-labelledby={id} className={styles.list}>
        {list.items.map(item => (
          <Row key={item.entityRef} item={item} />
        ))}
      </ul>
      {list.total > list.items.length && (
        <p className={styles.more}>
          {t('overview.more', { count: list.total - list.items.length })} {more}
        </p>
      )}
    </div>
  );
}

function Row(props: { item: OverviewItem }) {
  const { item } = props;
  const { t } = useTranslationRef(catalogOverviewTranslationRef);
  if (!item.exists) {
    return (
      <li className={styles.row}>
        <span className={styles.name}>{item.title}</span>
        <span className={styles.missing}>{t('overview.missing')}</span>
      </li>
    );
  }
  return (
    <li className={styles.row}>
      <span className={styles.name}>
        <EntityRefLink entityRef={item.entityRef} title={item.title} />
      </span>
      <span className={styles.facts}>
        <span>{item.type ?? item.kind.toLocaleLowerCase('en')}</span>
        {item.via && (
          <span>
            {t('overview.via')}{' '}
            <EntityRefLink entityRef={item.via} title={shortName(item.via)} />
          </span>
        )}
        {item.tier && <span>{t('overview.tierOf', { tier: item.tier })}</span>}
        {item.lifecycle && item.lifecycle !== 'production' && (
          <span
            className={
              item.lifecycle === 'deprecated' ? styles.deprecated : undefined
            }
          >
            {item.lifecycle}
          </span>
        )}
      </span>
      <span className={styles.owner}>
        {item.owner ? (
          <EntityRefLink
            entityRef={item.owner.entityRef}
            title={item.owner.title}
          />
        ) : (
          <span className={styles.missing}>{t('overview.unowned')}</span>
        )}
      </span>
    </li>
  );
}
