import {
  getCompoundEntityRef,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { useEntity } from '@backstage/plugin-catalog-react';
import type { EntityContentLayoutProps } from '@backstage/plugin-catalog-react/alpha';
import { Alert } from '@backstage/ui';
import { Problem } from '@waystone/ui';
import { ProblemStrip } from '../problems/ProblemStrip';
import { useEntityProblems } from '../problems/useEntityProblems';
import { catalogOverviewTranslationRef } from '../translation';
import { AboutSection } from './AboutSection';
import { ConnectionsSection } from './ConnectionsSection';
import { EntrySection } from './EntrySection';
import { LinksSection } from './LinksSection';
import { OverviewSkeleton } from './OverviewSkeleton';
import styles from './OverviewLayout.module.css';
import { OwnerSection } from './OwnerSection';
import { PartsSection } from './PartsSection';
import { RunsInSection } from './RunsInSection';
import { useOverview } from './useOverview';

/**
 * The overview of a component, an API, a resource or a system. Cards of type `info` make the row of states at
 * the top, other cards follow what the catalog says.
 */
export function OverviewLayout(props: EntityContentLayoutProps) {
  const { entity } = useEntity();
  const { t } = useTranslationRef(catalogOverviewTranslationRef);
  const entityRef = stringifyEntityRef(getCompoundEntityRef(entity));
  const { response, error, retry } = useOverview(entityRef);
  const problems = useEntityProblems(entityRef).response;
  // Who may know is told below what and where, so that a count adds nothing
  const isTold = (id: string) =>
    problems?.items.some(problem => problem.id === id) ?? false;
  const states = props.cards.filter(card => card.type === 'info');
  const others = props.cards.filter(card => card.type !== 'info');
  const denied = error?.name === 'NotAllowedError';

  return (
    <div className={styles.overview}>
      <ProblemStrip entityRef={entityRef} response={problems} />
      {denied && (
        <Alert
          status="warning"
          icon
          title={t('overview.denied')}
          description={t('overview.deniedHelp')}
        />
      )}
      {error && !denied && (
        <Problem title={t('overview.failed')} error={error} onRetry={retry} />
      )}
      {response?.entry.orphan && !isTold('orphaned') && (
        <Alert
          status="warning"
          icon
          title={t('overview.orphan')}
          description={t('overview.orphanHelp')}
        />
      )}
      {!!response?.entry.errors && !problems?.items.length && (
        <Alert
          status="warning"
          icon
          title={t('overview.errors', { count: response.entry.errors })}
          description={t('overview.errorsHelp')}
        />
      )}
      {states.length > 0 && (
        <ul className={styles.states} aria-label={t('overview.states')}>
          {states.map((card, index) => (
            <li key={card.element.key ?? index}>{card.element}</li>
          ))}
        </ul>
      )}
      <div className={styles.columns}>
        <AboutSection entity={entity} response={response} />
        {!error && (
          <div className={styles.aside}>
            <OwnerSection response={response} />
            {response && <LinksSection response={response} />}
            <RunsInSection entity={entity} />
          </div>
        )}
        {!error && (
          <div className={styles.rest}>
            {response ? (
              <>
                <ConnectionsSection entity={entity} response={response} />
                <PartsSection response={response} />
              </>
            ) : (
              <OverviewSkeleton entity={entity} />
            )}
          </div>
        )}
      </div>
      {others.map((card, index) => (
        <div key={card.element.key ?? index}>{card.element}</div>
      ))}
      <EntrySection entity={entity} response={response} />
    </div>
  );
}
