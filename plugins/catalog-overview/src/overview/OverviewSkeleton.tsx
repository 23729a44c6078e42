import type { Entity } from '@backstage/catalog-model';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Skeleton } from '@backstage/ui';
import { catalogOverviewTranslationRef } from '../translation';
import styles from './OverviewSkeleton.module.css';
import { Section } from './Section';

const CONNECTIONS = new Set([
  'dependsOn',
  'dependencyOf',
  'providesApi',
  'consumesApi',
  'apiProvidedBy',
  'apiConsumedBy',
]);

/** As many rows as the entity says that there will be. */
export function OverviewSkeleton(props: { entity: Entity }) {
  const { t } = useTranslationRef(catalogOverviewTranslationRef);
  const relations = props.entity.relations ?? [];
  const rows = Math.min(
    relations.filter(({ type }) => CONNECTIONS.has(type)).length,
    40,
  );
  return (
    <Section title={t('overview.connections')}>
      <div
        className={styles.rows}
        role="status"
        aria-label={t('overview.loading')}
      >
        {Array.from({ length: Math.max(rows, 2) }, (_, row) => (
          <Skeleton key={row} width="100%" height={48} />
        ))}
      </div>
    </Section>
  );
}
