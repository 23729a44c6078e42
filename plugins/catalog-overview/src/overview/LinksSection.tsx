import { Link } from '@backstage/core-components';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Text } from '@backstage/ui';
import {
  RiBookOpenLine,
  RiExternalLinkLine,
  RiFirstAidKitLine,
} from '@remixicon/react';
import type { OverviewResponse } from '@waystone/plugin-catalog-overview-common';
import { catalogOverviewTranslationRef } from '../translation';
import styles from './OwnerSection.module.css';
import { Section } from './Section';

/** Where to read on: documentation, runbook, and the links of the entity. */
export function LinksSection(props: { response: OverviewResponse }) {
  const { docs, runbook, links } = props.response;
  const { t } = useTranslationRef(catalogOverviewTranslationRef);
  return (
    <Section title={t('overview.links')}>
      {!docs && !runbook && links.length === 0 && (
        <Text as="p" color="secondary">
          {t('overview.noLinks')}
        </Text>
      )}
      <ul className={styles.contacts}>
        {docs && (
          <li>
            <RiBookOpenLine size={16} aria-hidden />
            <Link to={docs}>{t('overview.docs')}</Link>
          </li>
        )}
        {runbook && (
          <li>
            <RiFirstAidKitLine size={16} aria-hidden />
            <Link to={runbook}>{t('overview.runbook')}</Link>
          </li>
        )}
        {links.map(({ url, title }) => (
          <li key={url}>
            <RiExternalLinkLine size={16} aria-hidden />
            <Link to={url}>{title}</Link>
          </li>
        ))}
      </ul>
    </Section>
  );
}
