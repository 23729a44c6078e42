import type { Entity } from '@backstage/catalog-model';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import { Tag, TagGroup } from '@backstage/ui';
import type { OverviewResponse } from '@waystone/plugin-catalog-overview-common';
import { StateLabel } from '@waystone/ui';
import type { ReactNode } from 'react';
import { catalogOverviewTranslationRef } from '../translation';
import styles from './AboutSection.module.css';
import { Section } from './Section';
import { shortName } from './shortName';

/** What it is. Known from the entity, so it is there at once. */
export function AboutSection(props: {
  entity: Entity;
  response?: OverviewResponse;
}) {
  const { entity, response } = props;
  const { t } = useTranslationRef(catalogOverviewTranslationRef);
  const { description, annotations, tags = [] } = entity.metadata;
  const lifecycle = text(entity.spec?.lifecycle);
  const system = entity.relations?.find(
    ({ type, targetRef }) =>
      type === 'partOf' && /^(system|domain):/.test(targetRef),
  )?.targetRef;
  const facts: [label: string, value: ReactNode][] = [
    [t('overview.type'), text(entity.spec?.type)],
    [
      t('overview.lifecycle'),
      lifecycle === 'deprecated' ? (
        <StateLabel state="attention">{lifecycle}</StateLabel>
      ) : (
        lifecycle
      ),
    ],
    [t('overview.tier'), annotations?.['waystone.dev/tier']],
    [
      system?.startsWith('domain:') ? t('overview.domain') : t('table.system'),
      system && (
        <EntityRefLink
          entityRef={system}
          title={
            response?.system?.entity.entityRef === system
              ? response.system.entity.title
              : shortName(system)
          }
        />
      ),
    ],
  ];
  return (
    <Section title={t('overview.about')}>
      <p className={description ? styles.description : styles.none}>
        {description ?? t('overview.noDescription')}
      </p>
      <dl className={styles.facts}>
        {facts
          .filter(([, value]) => value !== undefined)
          .map(([label, value]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
      {tags.length > 0 && (
        <TagGroup aria-label={t('overview.tags')}>
          {tags.slice(0, 30).map(tag => (
            <Tag key={tag} id={tag}>
              {tag}
            </Tag>
          ))}
        </TagGroup>
      )}
    </Section>
  );
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
