import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { OverviewStack } from '@waystone/plugin-catalog-overview-common';
import { StateLabel } from '@waystone/ui';
import { catalogOverviewTranslationRef } from '../translation';
import styles from './StackFact.module.css';

const STATES = {
  approved: 'healthy',
  deprecated: 'attention',
  'end-of-life': 'critical',
} as const;

/** What it is built with, and whether the organisation still builds with that. */
export function StackFact(props: { readonly stack: OverviewStack }) {
  const { date, replacement, state, title, version } = props.stack;
  const { t } = useTranslationRef(catalogOverviewTranslationRef);
  const day =
    date &&
    new Date(`${date}T00:00:00`).toLocaleDateString('en', {
      dateStyle: 'medium',
    });
  const help = [
    state &&
      state !== 'approved' &&
      day &&
      t(state === 'deprecated' ? 'stack.ends' : 'stack.ended', { date: day }),
    replacement && t('stack.move', { replacement }),
  ].filter(Boolean);
  return (
    <dl className={styles.stack}>
      <dt>{t('stack.title')}</dt>
      <dd>
        <span className={styles.name}>
          {title} {version}
        </span>
        {state ? (
          <StateLabel state={STATES[state]}>{t(`stack.${state}`)}</StateLabel>
        ) : (
          <StateLabel state="unknown">{t('stack.unknown')}</StateLabel>
        )}
        {help.length > 0 && (
          <span className={styles.help}>{help.join(' ')}</span>
        )}
      </dd>
    </dl>
  );
}
