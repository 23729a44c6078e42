import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { RiArrowUpCircleLine } from '@remixicon/react';
import { DELIVERY_STATES } from '@waystone/plugin-delivery-common';
import type { Deployment } from '@waystone/plugin-delivery-common';
import { StateLabel } from '@waystone/ui';
import { Link } from 'react-router-dom';
import { wordOf } from '../shared/describeState';
import { deliveryTranslationRef } from '../translation';
import styles from './FleetCell.module.css';

/** The version in one environment, with its state: the word only where something is up. */
export function FleetCell(props: {
  deployments: readonly Deployment[];
  /** The title of the environment before. */
  before?: string;
  /** The page that says why it is as it is, and what it is called. */
  why: { to: string; name: string };
}) {
  const { before, deployments, why } = props;
  const { t } = useTranslationRef(deliveryTranslationRef);
  if (deployments.length === 0) {
    return (
      <span className={styles.none} title={t('cell.none')}>
        –
      </span>
    );
  }
  // Several clusters may share an environment: the worst is what counts.
  const [worst] = [...deployments].sort(
    (a, b) =>
      DELIVERY_STATES.indexOf(a.state) - DELIVERY_STATES.indexOf(b.state),
  );
  const word = t(wordOf(worst));
  return (
    <span className={styles.cell} title={worst.reason}>
      <span className={styles.version}>
        {worst.version ?? t('cell.noVersion')}
      </span>
      {worst.state === 'healthy' ? (
        <span className={styles.well}>
          <StateLabel state="healthy">{word}</StateLabel>
        </span>
      ) : (
        <StateLabel state={worst.state}>{word}</StateLabel>
      )}
      {worst.state === 'critical' && (
        <Link
          to={why.to}
          className={styles.why}
          aria-label={t('why.cell', { name: why.name })}
        >
          {t('why.show')}
        </Link>
      )}
      {worst.behind && before && (
        <span
          className={styles.behind}
          title={t('cell.behind', { environment: before })}
        >
          <RiArrowUpCircleLine size={16} aria-hidden />
          <span className={styles.hidden}>
            {t('cell.behind', { environment: before })}
          </span>
        </span>
      )}
      {deployments.length > 1 && (
        <span className={styles.count}>×{deployments.length}</span>
      )}
    </span>
  );
}
