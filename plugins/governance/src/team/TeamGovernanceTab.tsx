import {
  getCompoundEntityRef,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import { useRouteRef, useTranslationRef } from '@backstage/frontend-plugin-api';
import { useEntity } from '@backstage/plugin-catalog-react';
import { FreshnessNote } from '@waystone/ui';
import { Link } from 'react-router-dom';
import type { FindingKind } from '../api/GovernanceClient';
import { FindingsList } from '../findings/FindingsList';
import { rootRouteRef } from '../routes';
import { Section } from '../shared/Section';
import { SeverityCounts } from '../shared/SeverityCounts';
import { governanceTranslationRef } from '../translation';
import styles from './TeamGovernanceTab.module.css';
import { TeamScorecards } from './TeamScorecards';
import { TeamSecrets } from './TeamSecrets';

/** How many of each there are at first: the worst. */
const PAGE = 10;

/** What is found at all services of a team. */
export function TeamGovernanceTab() {
  const { entity } = useEntity();
  const owner = stringifyEntityRef(getCompoundEntityRef(entity));
  return (
    <div className={styles.tab}>
      <TeamFindings kind="violations" owner={owner} />
      <TeamFindings kind="vulnerabilities" owner={owner} />
      <TeamSecrets owner={owner} />
      <TeamScorecards owner={owner} />
    </div>
  );
}

function TeamFindings(props: {
  readonly kind: Extract<FindingKind, 'violations' | 'vulnerabilities'>;
  readonly owner: string;
}) {
  const { kind, owner } = props;
  const { t } = useTranslationRef(governanceTranslationRef);
  const root = useRouteRef(rootRouteRef)?.() ?? '';
  const path = kind === 'violations' ? root : `${root}/${kind}`;
  return (
    <Section
      title={t(`page.${kind}`)}
      aside={
        <Link to={`${path}?owner=${encodeURIComponent(owner)}`}>
          {t('service.all')}
        </Link>
      }
    >
      <FindingsList
        kind={kind}
        filter={{ owner }}
        pageSize={PAGE}
        head={({ freshness, summary, totalItems }) => (
          <>
            <FreshnessNote freshness={freshness} />
            {totalItems === 0 ? (
              <p className={styles.none}>{t(`team.none.${kind}`)}</p>
            ) : (
              <span>
                <SeverityCounts counts={summary.severities} />
                {summary.overdue > 0 && (
                  <span className={styles.overdue}>
                    {' · '}
                    {t('team.overdue', { count: summary.overdue })}
                  </span>
                )}
              </span>
            )}
          </>
        )}
      />
    </Section>
  );
}
