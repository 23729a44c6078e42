import type { Entity } from '@backstage/catalog-model';
import { Link } from '@backstage/core-components';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  useEntityPresentation,
  useEntityRefLink,
} from '@backstage/plugin-catalog-react';
import { Text } from '@backstage/ui';
import type { OverviewResponse } from '@waystone/plugin-catalog-overview-common';
import { catalogOverviewTranslationRef } from '../translation';
import { ConnectionsGraph } from './ConnectionsGraph';
import styles from './ConnectionsSection.module.css';
import { NeighbourList } from './NeighbourList';
import { Section } from './Section';

/** What needs it and what it needs: lists first, then the same as a picture. */
export function ConnectionsSection(props: {
  entity: Entity;
  response: OverviewResponse;
}) {
  const { entity, response } = props;
  const { t } = useTranslationRef(catalogOverviewTranslationRef);
  const name = useEntityPresentation(entity).primaryTitle;
  const path = useEntityRefLink()(response.entityRef);
  const { impact } = response;
  const before = [response.consumers, response.dependents];
  const after = [
    response.providers,
    response.consumesApis,
    response.dependencies,
  ];
  const total = [...before, ...after, response.providesApis].reduce(
    (sum, list) => sum + list.total,
    0,
  );
  if (total === 0 && response.entityRef.startsWith('system:')) {
    return null;
  }
  const toList = (list: 'dependents' | 'dependencies') => (
    <Link
      to={`${path}/impact${
        list === 'dependencies' ? '?direction=dependencies' : ''
      }`}
    >
      {t('overview.seeAll')}
    </Link>
  );
  return (
    <Section
      title={t('overview.connections')}
      aside={
        total > 0 && (
          <span className={styles.aside}>
            <Link
              to={`/catalog-graph?rootEntityRefs[]=${encodeURIComponent(
                response.entityRef,
              )}`}
            >
              {t('overview.viewGraph')}
            </Link>
          </span>
        )
      }
    >
      {total === 0 && (
        <div className={styles.none}>
          <Text as="p" weight="bold">
            {t('overview.alone', { name })}
          </Text>
          <Text as="p" color="secondary">
            {t('overview.aloneHelp')}
          </Text>
        </div>
      )}
      {impact.total > 0 && (
        <p className={styles.impact}>
          {t('overview.impact', {
            name,
            count: impact.total,
            more: impact.truncated ? '+' : '',
          })}{' '}
          <Link to={`${path}/impact`}>{t('overview.whoBreaks')}</Link>
        </p>
      )}
      {total > 0 && (
        <div className={styles.lists}>
          <div className={styles.column}>
            <NeighbourList
              title={t('overview.consumers')}
              list={response.consumers}
              more={toList('dependents')}
            />
            <NeighbourList
              title={t('overview.dependents')}
              list={response.dependents}
              more={toList('dependents')}
            />
            <NeighbourList
              title={t('overview.providesApis')}
              list={response.providesApis}
            />
          </div>
          <div className={styles.column}>
            <NeighbourList
              title={t('overview.providers')}
              list={response.providers}
            />
            <NeighbourList
              title={t('overview.dependencies')}
              list={response.dependencies}
              more={toList('dependencies')}
            />
            <NeighbourList
              title={t('overview.consumesApis')}
              list={response.consumesApis}
              more={toList('dependencies')}
            />
          </div>
        </div>
      )}
      <ConnectionsGraph name={name} before={before} after={after} />
    </Section>
  );
}
