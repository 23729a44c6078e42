import { Link } from '@backstage/core-components';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Text } from '@backstage/ui';
import {
  RiAlarmWarningLine,
  RiBookOpenLine,
  RiChat3Line,
  RiExternalLinkLine,
  RiMailLine,
} from '@remixicon/react';
import type { OwnershipResponse } from '@waystone/plugin-catalog-overview-common';
import styles from '../overview/OwnerSection.module.css';
import { Section } from '../overview/Section';
import own from './OwnershipLayout.module.css';
import { catalogOwnershipTranslationRef } from './translation';

/** How to reach a team or a person. */
export function ContactSection(props: {
  readonly contact: OwnershipResponse['contact'];
}) {
  const { chat, docs, email, links, onCall } = props.contact;
  const { t } = useTranslationRef(catalogOwnershipTranslationRef);
  const none = !chat && !docs && !email && !onCall && links.length === 0;
  return (
    <Section title={t('contact.title')}>
      {none ? (
        <Text as="p" color="secondary">
          {t('contact.none')}
        </Text>
      ) : (
        <ul className={styles.contacts}>
          {onCall && (
            <li>
              <RiAlarmWarningLine size={16} aria-hidden />
              <Link to={onCall}>{t('contact.onCall')}</Link>
            </li>
          )}
          {chat && (
            <li>
              <RiChat3Line size={16} aria-hidden />
              <Link to={chat.url}>{chat.title}</Link>
            </li>
          )}
          {email && (
            <li>
              <RiMailLine size={16} aria-hidden />
              <a className={own.mail} href={`mailto:${email}`}>
                {email}
              </a>
            </li>
          )}
          {docs && (
            <li>
              <RiBookOpenLine size={16} aria-hidden />
              <Link to={docs}>{t('contact.docs')}</Link>
            </li>
          )}
          {links
            .filter(({ url }) => url !== onCall)
            .map(({ title, url }) => (
              <li key={url}>
                <RiExternalLinkLine size={16} aria-hidden />
                <Link to={url}>{title}</Link>
              </li>
            ))}
        </ul>
      )}
    </Section>
  );
}
