import {
  getCompoundEntityRef,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import {
  useApi,
  useRouteRef,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { useEntity } from '@backstage/plugin-catalog-react';
import { GOVERNANCE_CHANNEL } from '@waystone/plugin-governance-common';
import type {
  FindingsSummary,
  ServiceGovernance,
} from '@waystone/plugin-governance-common';
import {
  EmptyState,
  FreshnessNote,
  LoadingRows,
  Problem,
  RelativeTime,
  StateLabel,
  useLive,
} from '@waystone/ui';
import { useCallback } from 'react';
import { Link } from 'react-router-dom';
import { governanceApiRef } from '../api/GovernanceClient';
import type { FindingKind } from '../api/GovernanceClient';
import { FindingsList } from '../findings/FindingsList';
import { rootRouteRef } from '../routes';
import { ScorecardsSection } from '../scorecards/ScorecardsSection';
import { SecretsSection } from '../secrets/SecretsSection';
import { Section } from '../shared/Section';
import { SeverityCounts } from '../shared/SeverityCounts';
import { SeverityLabel } from '../shared/SeverityLabel';
import { governanceTranslationRef } from '../translation';
import styles from './GovernanceTab.module.css';

/** What is found at one service, and what repairs most of it. */
export function GovernanceTab() {
  const { entity } = useEntity();
  const api = useApi(governanceApiRef);
  const { t } = useTranslationRef(governanceTranslationRef);
  const entityRef = stringifyEntityRef(getCompoundEntityRef(entity));
  const read = useCallback(
    async (signal: AbortSignal) =>
      (await api.findService(entityRef, signal)) ?? 'none',
    [api, entityRef],
  );
  const { error, refresh, value } = useLive(GOVERNANCE_CHANNEL, read);
  if (error && !value) {
    return <Problem title={t('list.failed')} error={error} onRetry={refresh} />;
  }
  if (!value) {
    return <LoadingRows />;
  }
  if (value === 'none' || !value.observed) {
    return (
      <>
        {value !== 'none' && <FreshnessNote freshness={value.freshness} />}
        <EmptyState
          title={t('service.nothing')}
          help={t('service.nothingHelp')}
        />
        <SecretsSection entityRef={entityRef} />
        <ScorecardsSection entityRef={entityRef} />
      </>
    );
  }
  return (
    <div className={styles.tab}>
      <div className={styles.head}>
        <StateLabel state={value.state}>{value.reason}</StateLabel>
        {value.since && value.state !== 'healthy' && (
          <span className={styles.since}>
            {t('list.since')} <RelativeTime value={value.since} />
          </span>
        )}
      </div>
      <FreshnessNote freshness={value.freshness} />
      <Upgrades upgrades={value.upgrades} />
      <Findings
        kind="violations"
        entityRef={entityRef}
        summary={value.violations}
      />
      <Findings
        kind="vulnerabilities"
        entityRef={entityRef}
        summary={value.vulnerabilities}
      />
      <Findings
        kind="misconfigurations"
        entityRef={entityRef}
        summary={value.misconfigurations}
      />
      <SecretsSection entityRef={entityRef} />
      <ScorecardsSection entityRef={entityRef} />
    </div>
  );
}

function Upgrades(props: { readonly upgrades: ServiceGovernance['upgrades'] }) {
  const { t } = useTranslationRef(governanceTranslationRef);
  if (props.upgrades.length === 0) {
    return null;
  }
  return (
    <Section title={t('service.upgrades')}>
      <ul className={styles.upgrades}>
        {props.upgrades.slice(0, 5).map(upgrade => (
          <li key={`${upgrade.package} ${upgrade.installed}`}>
            <span className={styles.package}>
              {upgrade.package} {upgrade.installed} → {upgrade.to}
            </span>
            <span>{t('service.repairs', { count: upgrade.repairs })}</span>
            <SeverityLabel severity={upgrade.worst} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Findings(props: {
  readonly kind: FindingKind;
  readonly entityRef: string;
  readonly summary: FindingsSummary;
}) {
  const { entityRef, kind, summary } = props;
  const { t } = useTranslationRef(governanceTranslationRef);
  const root = useRouteRef(rootRouteRef)?.() ?? '';
  const path = kind === 'violations' ? root : `${root}/${kind}`;
  const total = Object.values(summary.severities).reduce(
    (sum, count) => sum + count,
    0,
  );
  return (
    <Section
      title={t(`page.${kind}`)}
      aside={
        <>
          <SeverityCounts counts={summary.severities} />
          {total > 0 && (
            <Link to={`${path}?entity=${encodeURIComponent(entityRef)}`}>
              {t('service.all')}
            </Link>
          )}
        </>
      }
    >
      {total > 0 ? (
        <FindingsList kind={kind} filter={{ entity: entityRef }} isOfService />
      ) : (
        <p className={styles.none}>{t(`service.none.${kind}`)}</p>
      )}
    </Section>
  );
}
