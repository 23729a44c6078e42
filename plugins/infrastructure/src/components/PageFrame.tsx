import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Container } from '@backstage/ui';
import type { ReactNode } from 'react';
import { NavLink } from 'react-router-dom';
import { infrastructureTranslationRef } from '../translation';
import styles from './PageFrame.module.css';

/** Title and parts of the pages. `base` is where the plugin is mounted. */
export function PageFrame(props: {
  base: string;
  summary?: ReactNode;
  children: ReactNode;
}) {
  const { base, summary, children } = props;
  const { t } = useTranslationRef(infrastructureTranslationRef);
  const parts = [
    { to: base, title: t('page.offerings'), end: true },
    { to: `${base}/requests`, title: t('page.requests'), end: false },
    { to: `${base}/approvals`, title: t('page.approvals'), end: false },
  ];
  return (
    <Container>
      <header className={styles.header}>
        <h1 className={styles.title}>{t('page.title')}</h1>
        {summary && <p className={styles.summary}>{summary}</p>}
      </header>
      <nav className={styles.parts} aria-label={t('page.tabs')}>
        {parts.map(({ to, title, end }) => (
          <NavLink key={to} to={to} end={end} className={styles.part}>
            {title}
          </NavLink>
        ))}
      </nav>
      {children}
    </Container>
  );
}
