import { parseEntityRef } from '@backstage/catalog-model';
import {
  useApi,
  useRouteRef,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { entityRouteRef } from '@backstage/plugin-catalog-react';
import type {
  EntityScorecard,
  ScorecardCheck,
} from '@waystone/plugin-governance-common';
import { StateLabel, usePolling } from '@waystone/ui';
import type { State } from '@waystone/ui';
import { useCallback } from 'react';
import { Link } from 'react-router-dom';
import { governanceApiRef } from '../api/GovernanceClient';
import { governanceTranslationRef } from '../translation';
import styles from './ScorecardsSection.module.css';

const STATES: Readonly<Record<ScorecardCheck['result'], State>> = {
  pass: 'healthy',
  fail: 'attention',
  unknown: 'unknown',
};

/** How one service does: its levels, and what keeps it from the next. */
export function ScorecardsSection(props: { readonly entityRef: string }) {
  const { entityRef } = props;
  const api = useApi(governanceApiRef);
  const { t } = useTranslationRef(governanceTranslationRef);
  const read = useCallback(
    async (signal: AbortSignal) =>
      (await api.findScorecards(entityRef, signal)) ?? 'none',
    [api, entityRef],
  );
  const { value } = usePolling(read, 60_000);
  if (!value || value === 'none' || value.items.length === 0) {
    return null;
  }
  return (
    <section className={styles.section} aria-label={t('page.scorecards')}>
      <h2 className={styles.title}>{t('page.scorecards')}</h2>
      <div className={styles.cards}>
        {value.items.map(card => (
          <Card key={card.name} card={card} entityRef={entityRef} />
        ))}
      </div>
    </section>
  );
}

function Card(props: {
  readonly card: EntityScorecard;
  readonly entityRef: string;
}) {
  const { card, entityRef } = props;
  const { t } = useTranslationRef(governanceTranslationRef);
  return (
    <details className={styles.card}>
      <summary className={styles.summary}>
        <span className={styles.name}>{card.title}</span>
        <span>{card.level ?? t('scorecards.noLevel')}</span>
        <span className={styles.detail}>
          {t('scorecards.of', {
            passed: String(card.passed),
            total: String(card.checks.length),
          })}
          {card.unknown > 0 &&
            `, ${t('scorecards.unknownCount', { count: card.unknown })}`}
        </span>
      </summary>
      <ul className={styles.checks}>
        {card.checks.map(check => (
          <li key={check.id}>
            <StateLabel state={STATES[check.result]}>
              {t(`scorecards.result.${check.result}`)}
            </StateLabel>
            <span className={styles.what}>
              <Evidence check={check} entityRef={entityRef} />
              <span className={styles.detail}>
                {check.level} · {t('scorecards.found', { found: check.found })}
              </span>
              {check.result === 'fail' && check.fix && <span>{check.fix}</span>}
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** Where it can be seen. */
function Evidence(props: {
  readonly check: ScorecardCheck;
  readonly entityRef: string;
}) {
  const { check, entityRef } = props;
  const entityRoute = useRouteRef(entityRouteRef);
  if (!check.evidence) {
    return <>{check.title}</>;
  }
  const { kind, name, namespace } = parseEntityRef(entityRef);
  const to =
    check.evidence === 'docs'
      ? `/docs/${namespace}/${kind}/${name}`
      : `${entityRoute?.({ kind, name, namespace }) ?? ''}/${check.evidence}`;
  return <Link to={to}>{check.title}</Link>;
}
