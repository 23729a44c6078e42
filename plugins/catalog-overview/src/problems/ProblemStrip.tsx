import {
  useApi,
  useRouteRef,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { Button } from '@backstage/ui';
import { RiAlertFill } from '@remixicon/react';
import type { EntityProblemsResponse } from '@waystone/plugin-catalog-overview-common';
import { RelativeTime } from '@waystone/ui';
import { useEffect, useId, useState } from 'react';
import { Link } from 'react-router-dom';
import { catalogProblemsApiRef } from './CatalogProblemsClient';
import { ProblemEntry } from './ProblemEntry';
import { problemsRouteRef } from './problemsRouteRef';
import styles from './ProblemStrip.module.css';
import { catalogProblemsTranslationRef } from './translation';

/**
 * What is wrong with an entity's entry, for its owner and for platform engineers; nothing for others, and
 * nothing where nothing is wrong.
 */
export function ProblemStrip(props: { entityRef: string }) {
  const { t } = useTranslationRef(catalogProblemsTranslationRef);
  const response = useEntityProblems(props.entityRef);
  const [open, setOpen] = useState(false);
  const listId = useId();
  const allLink = useRouteRef(problemsRouteRef);
  if (!response?.allowed || response.items.length === 0) {
    return null;
  }
  const { items, outdated, shownSince, unreadable } = response;
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
          {outdated && (
            <p className={styles.outdated}>
              {shownSince ? (
                <>
                  {t('strip.outdated')} <RelativeTime value={shownSince} />.
                </>
              ) : (
                t('strip.outdatedUnknown')
              )}
            </p>
          )}
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
            <ProblemEntry key={index} problem={problem} />
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

/** Undefined while it loads, and when it fails: the page itself matters more. */
function useEntityProblems(
  entityRef: string,
): EntityProblemsResponse | undefined {
  const api = useApi(catalogProblemsApiRef);
  const [state, setState] = useState<{
    entityRef: string;
    response: EntityProblemsResponse;
  }>();
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    api.ofEntity(entityRef, signal).then(
      response => {
        if (!signal.aborted) {
          setState({ entityRef, response });
        }
      },
      () => {
        // Whoever needs to know has the page of all problems, which says why
      },
    );
    return () => controller.abort();
  }, [api, entityRef]);
  return state?.entityRef === entityRef ? state.response : undefined;
}
