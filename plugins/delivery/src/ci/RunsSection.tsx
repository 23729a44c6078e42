import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button, Skeleton, Text } from '@backstage/ui';
import { RiExternalLinkLine } from '@remixicon/react';
import type { CiRun, CiStep } from '@waystone/plugin-delivery-common';
import { FreshnessNote, Problem, RelativeTime } from '@waystone/ui';
import { useCallback, useId, useState } from 'react';
import { deliveryApiRef } from '../api/DeliveryClient';
import { useLive } from '../shared/useLive';
import { deliveryTranslationRef } from '../translation';
import { RunLabel } from './RunLabel';
import styles from './RunsSection.module.css';

/** How many runs are shown before somebody asks for all. */
const MOST_RUNS = 5;

/** What CI did for a service, with jobs and steps on request. */
export function RunsSection(props: { entityRef: string }) {
  const { entityRef } = props;
  const api = useApi(deliveryApiRef);
  const { t } = useTranslationRef(deliveryTranslationRef);
  const id = useId();
  const [all, setAll] = useState(false);
  const [open, setOpen] = useState<string>();
  const read = useCallback(
    (signal: AbortSignal) => api.listRuns(entityRef, signal),
    [api, entityRef],
  );
  const { error, refresh, value } = useLive(read);
  const runs = value?.items ?? [];
  return (
    <section className={styles.section} aria-labelledby={id}>
      <h2 id={id} className={styles.title}>
        {t('ci.title')}
      </h2>
      {error && !value && (
        <Problem title={t('ci.failedToRead')} error={error} onRetry={refresh} />
      )}
      {!value && !error && (
        <div role="status" aria-label={t('ci.loading')}>
          <Skeleton width="100%" height={80} />
        </div>
      )}
      {value?.freshness && <FreshnessNote freshness={[value.freshness]} />}
      {value && runs.length === 0 && (
        <Text as="p" color="secondary">
          {value.provider ? t('ci.none') : t('ci.noProvider')}
        </Text>
      )}
      {runs.length > 0 && (
        <ul className={styles.runs} aria-labelledby={id}>
          {runs.slice(0, all ? runs.length : MOST_RUNS).map(run => (
            <li key={run.id} className={styles.run}>
              <RunRow
                run={run}
                open={open === run.id}
                onToggle={() => setOpen(open === run.id ? undefined : run.id)}
              />
              {open === run.id && (
                <Jobs key={run.id} entityRef={entityRef} run={run.id} />
              )}
            </li>
          ))}
        </ul>
      )}
      {!all && runs.length > MOST_RUNS && (
        <div>
          <Button size="small" variant="secondary" onPress={() => setAll(true)}>
            {t('ci.more', { count: runs.length - MOST_RUNS })}
          </Button>
        </div>
      )}
    </section>
  );
}

function RunRow(props: { run: CiRun; open: boolean; onToggle: () => void }) {
  const { onToggle, open, run } = props;
  const { t } = useTranslationRef(deliveryTranslationRef);
  const when = run.finishedAt ?? run.startedAt;
  return (
    <div className={styles.row}>
      <RunLabel status={run.status} />
      <span className={styles.what} title={run.title}>
        {run.title}
      </span>
      <span className={styles.quiet}>
        {run.workflow} #{run.number}
        {run.branch && ` · ${run.branch}`} ·{' '}
        <code>{run.revision.slice(0, 8)}</code>
        {when && (
          <>
            {' · '}
            <RelativeTime value={when} />
          </>
        )}
      </span>
      <span className={styles.actions}>
        <Button
          size="small"
          variant="tertiary"
          aria-expanded={open}
          aria-label={t(open ? 'ci.hideSteps' : 'ci.showSteps', {
            number: String(run.number),
          })}
          onPress={onToggle}
        >
          {t('ci.steps')}
        </Button>
        {run.url && (
          <a
            href={run.url}
            target="_blank"
            rel="noreferrer"
            aria-label={t('ci.open', { number: String(run.number) })}
          >
            <RiExternalLinkLine size={16} aria-hidden />
          </a>
        )}
      </span>
    </div>
  );
}

function Jobs(props: { entityRef: string; run: string }) {
  const { entityRef, run } = props;
  const api = useApi(deliveryApiRef);
  const { t } = useTranslationRef(deliveryTranslationRef);
  const read = useCallback(
    (signal: AbortSignal) => api.listJobs(entityRef, run, signal),
    [api, entityRef, run],
  );
  const { error, refresh, value } = useLive(read);
  if (error && !value) {
    return (
      <Problem title={t('ci.failedToRead')} error={error} onRetry={refresh} />
    );
  }
  if (!value) {
    return (
      <div role="status" aria-label={t('ci.loading')}>
        <Skeleton width="100%" height={60} />
      </div>
    );
  }
  return (
    <>
      {value.items.map(job => (
        <div key={job.id} className={styles.job}>
          <h3 className={styles.jobName}>
            {job.name} <RunLabel status={job.status} /> <Took step={job} />
          </h3>
          <ol className={styles.steps} aria-label={job.name}>
            {job.steps.map((step, index) => (
              <li key={index} className={styles.step}>
                <RunLabel status={step.status} />
                <span className={styles.what}>{step.name}</span>
                <Took step={step} />
              </li>
            ))}
          </ol>
        </div>
      ))}
    </>
  );
}

function Took(props: { step: CiStep }) {
  const { finishedAt, startedAt } = props.step;
  const { t } = useTranslationRef(deliveryTranslationRef);
  const ms = Date.parse(finishedAt ?? '') - Date.parse(startedAt ?? '');
  return Number.isNaN(ms) || ms <= 0 ? null : (
    <span className={styles.quiet}>
      {t('history.seconds', { seconds: String(Math.round(ms / 1000)) })}
    </span>
  );
}
