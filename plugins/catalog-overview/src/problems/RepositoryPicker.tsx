import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Text } from '@backstage/ui';
import type {
  UnregisteredWorkload,
  WorkloadRepositoriesResponse,
} from '@waystone/plugin-catalog-overview-common';
import { FilterSearch, LoadingRows, Problem } from '@waystone/ui';
import { useEffect, useId, useState } from 'react';
import { catalogProblemsApiRef } from './CatalogProblemsClient';
import styles from './RepositoryPicker.module.css';
import { catalogProblemsTranslationRef } from './translation';

/** Chooses the repository of a workload of which nobody knows where it comes from. */
export function RepositoryPicker(props: {
  /** Of the workload. */
  readonly id: string;
  /** The address of a repository. */
  readonly chosen: string | undefined;
  readonly onChoose: (url: string, placed: UnregisteredWorkload) => void;
}) {
  const { chosen, id, onChoose } = props;
  const { t } = useTranslationRef(catalogProblemsTranslationRef);
  const api = useApi(catalogProblemsApiRef);
  const titleId = useId();
  const [text, setText] = useState('');
  const [found, setFound] = useState<WorkloadRepositoriesResponse>();
  const [error, setError] = useState<Error>();
  const [busy, setBusy] = useState<string>();

  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    api.repositoriesFor(id, text, signal).then(
      response => {
        if (!signal.aborted) {
          setFound(response);
          setError(undefined);
        }
      },
      problem => {
        if (!signal.aborted) {
          setError(problem);
        }
      },
    );
    return () => controller.abort();
  }, [api, id, text]);

  const choose = async (url: string) => {
    setBusy(url);
    setError(undefined);
    try {
      onChoose(url, await api.placeWorkload(id, url));
    } catch (problem) {
      setError(problem as Error);
    } finally {
      setBusy(undefined);
    }
  };

  return (
    <section className={styles.picker} aria-labelledby={titleId}>
      <h3 id={titleId} className={styles.title}>
        {t('repository.title')}
      </h3>
      <Text color="secondary" variant="body-small">
        {t('repository.help')}
      </Text>
      <FilterSearch
        label={t('repository.search')}
        value={text}
        onChange={value => setText(value ?? '')}
      />
      {error && <Problem title={t('repository.failed')} error={error} />}
      {!found && !error && <LoadingRows rows={3} />}
      {found?.items.length === 0 && (
        <Text color="secondary">{t('repository.none')}</Text>
      )}
      {found && found.items.length > 0 && (
        <ul className={styles.list} aria-label={t('repository.list')}>
          {found.items.map(({ description, name, url }) => (
            <li key={url}>
              <button
                type="button"
                className={styles.repository}
                aria-pressed={url === chosen}
                aria-busy={url === busy}
                disabled={busy !== undefined}
                onClick={() => choose(url)}
              >
                <span className={styles.name}>{name}</span>
                <span className={styles.description}>{description}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
