import type { Entity } from '@backstage/catalog-model';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Tag, TagGroup } from '@backstage/ui';
import type { OverviewResponse } from '@waystone/plugin-catalog-overview-common';
import { catalogOverviewTranslationRef } from '../translation';
import styles from './AboutSection.module.css';
import { Section } from './Section';
import { StackFact } from './StackFact';

/** What it is, beyond what the header says of it. */
export function AboutSection(props: {
  entity: Entity;
  response?: OverviewResponse;
}) {
  const { entity, response } = props;
  const { t } = useTranslationRef(catalogOverviewTranslationRef);
  const { description, tags = [] } = entity.metadata;
  return (
    <Section title={t('overview.about')}>
      <p className={description ? styles.description : styles.none}>
        {description ?? t('overview.noDescription')}
      </p>
      {response?.stack && <StackFact stack={response.stack} />}
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
