import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import type { InfrastructureRequest } from '@waystone/plugin-infrastructure-common';
import { RelativeTime } from '@waystone/ui';
import { Link } from 'react-router-dom';
import { formatMoney } from '../components/formatMoney';
import { RequestState } from '../components/RequestState';
import { infrastructureTranslationRef } from '../translation';
import styles from './RequestTable.module.css';

/** Requests: a table, or on a small screen a list of cards. With `withReason`, who asked and what for. */
export function RequestTable(props: {
  base: string;
  label: string;
  items: readonly InfrastructureRequest[];
  withReason?: boolean;
}) {
  const { base, label, items, withReason = false } = props;
  const { t } = useTranslationRef(infrastructureTranslationRef);
  return (
    <table className={styles.table} aria-label={label}>
      <thead>
        <tr>
          <th scope="col">{t('list.name')}</th>
          <th scope="col">{t('list.status')}</th>
          <th scope="col">{t('list.kind')}</th>
          <th scope="col">{t('list.environment')}</th>
          <th scope="col">{t('list.owner')}</th>
          {withReason && <th scope="col">{t('approvals.requester')}</th>}
          {withReason && <th scope="col">{t('approvals.why')}</th>}
          <th scope="col" className={styles.number}>
            {t('list.cost')}
          </th>
          <th scope="col">{t('list.age')}</th>
        </tr>
      </thead>
      <tbody>
        {items.map(item => (
          <tr key={item.id}>
            <th scope="row" className={styles.name}>
              <Link to={`${base}/requests/${item.id}`}>{item.name}</Link>
            </th>
            <td>
              <RequestState status={item.status} />
            </td>
            <td data-label={t('list.kind')}>{item.offeringTitle}</td>
            <td data-label={t('list.environment')}>{item.environment}</td>
            <td data-label={t('list.owner')}>
              <EntityRefLink entityRef={item.owner} hideIcon />
            </td>
            {withReason && (
              <td data-label={t('approvals.requester')}>
                <EntityRefLink entityRef={item.requester} hideIcon />
              </td>
            )}
            {withReason && (
              <td data-label={t('approvals.why')} className={styles.why}>
                {[item.statusReason, item.reason].filter(Boolean).join(' · ')}
              </td>
            )}
            <td className={styles.number} data-label={t('list.cost')}>
              {item.monthlyCost ? formatMoney(item.monthlyCost) : '–'}
            </td>
            <td className={styles.wide}>
              <RelativeTime value={item.createdAt} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
