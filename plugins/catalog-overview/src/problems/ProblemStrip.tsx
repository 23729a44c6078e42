import { useRouteRef, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button } from '@backstage/ui';
import { RiAlertFill, RiHistoryLine } from '@remixicon/react';
import type { EntityProblemsResponse } from '@waystone/plugin-catalog-overview-common';
import { RelativeTime } from '@waystone/ui';
import { useId, useState } from 'react';
import { Link } from 'react-router-dom';
import { ProblemEntry } from './ProblemEntry';
import { problemsRouteRef } from './problemsRouteRef';
import styles from './ProblemStrip.module.css';
import { catalogProblemsTranslationRef } from './translation';
import { VersionNote } from './VersionNote';

/**
 * What is wrong with an entity's entry, for its owner and for platform engineers. Others are only told that it
 * is not the newest version; nothing is shown where nothing is wrong.
 */
export function ProblemStrip(props: {
  entityRef: string;
  response: EntityProblemsResponse | undefined;
}) {
  const { entityRef, response } = props;
  const { t } = useTranslationRef(catalogProblemsTranslationRef);
  const [open, setOpen] = useState(false);
  const listId = useId();
  const allLink = useRouteRef(problemsRouteRef);
  if (response && !response.allowed && response.outdated) {
    return (
      <section className={styles.strip} aria-label={t('strip.versionLabel')}>
        <div className={styles.head}>
          <RiHistoryLine size={20} aria-hidden className={styles.icon} />
          <div className={styles.words}>
            <strong>{t('strip.older')}</strong>
            <p className={styles.outdated}>
              {response.shownSince && (
                <>
                  {t('strip.olderFrom')}{' '}
                  <RelativeTime value={response.shownSince} />.{' '}
                </>
              )}
              {t('strip.olderHelp')}
            </p>
          </div>
        </div>
      </section>
    );
  }
  if (!response?.allowed || response.items.length === 0) {
    return null;
  }
  const { items, outdated, proposal, unreadable } = response;
  const error = items.some(({ severity }) => severity === 'error');
  return (
    <section
      className={`${styles.strip} ${error ? styles.error : ''}`}
      aria-label={t('strip.label')}
    >
      <div className={styles.head}>
        <RiAlertFill size={20} aria-hidden className={styles.icon} />
        <div className={styles.words}>
          <strong>{t('strip.title', { count: items.length })}</strong>
          {outdated && <VersionNote response={response} />}
        </div>
        <Button
          variant="secondary"
          size="small"
          aria-expanded={open}
          aria-controls={listId}
          onPress={() => setOpen(!open)}
        >
          {open ? t('strip.hide') : t('strip.show')}
        </Button>
      </div>
      <div id={listId} hidden={!open}>
        <ul className={styles.list}>
          {items.map((problem, index) => (
            <ProblemEntry
              key={index}
              entityRef={entityRef}
              problem={problem}
              target={proposal}
            />
          ))}
        </ul>
        {unreadable && (
          <p className={styles.outdated}>
            {t('strip.unreadable', { reason: unreadable })}
          </p>
        )}
        {allLink && (
          <Link to={allLink()} className={styles.all}>
            {t('strip.all')}
          </Link>
        )}
      </div>
    </section>
  );
}
