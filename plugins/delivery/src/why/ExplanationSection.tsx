import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Skeleton, Text } from '@backstage/ui';
import { RiArrowRightLine } from '@remixicon/react';
import type {
  EnvironmentColumn,
  Evidence,
  Explanation,
} from '@waystone/plugin-delivery-common';
import { FreshnessNote, Problem, RelativeTime } from '@waystone/ui';
import { useCallback, useId } from 'react';
import { deliveryApiRef } from '../api/DeliveryClient';
import { useLive } from '../shared/useLive';
import { deliveryTranslationRef } from '../translation';
import styles from './ExplanationSection.module.css';

/** Why an environment is not well: one sentence, what shows it, what to do. */
export function ExplanationSection(props: {
  entityRef: string;
  environment: EnvironmentColumn;
}) {
  const { entityRef, environment } = props;
  const api = useApi(deliveryApiRef);
  const { t } = useTranslationRef(deliveryTranslationRef);
  const id = useId();
  const read = useCallback(
    (signal: AbortSignal) => api.explain(entityRef, environment.name, signal),
    [api, entityRef, environment.name],
  );
  const { error, refresh, value } = useLive(read);
  return (
    <section className={styles.section} aria-labelledby={id}>
      <h2 id={id} className={styles.title}>
        {t('why.title', { environment: environment.title })}
      </h2>
      {error && (
        <Problem title={t('why.failed')} error={error} onRetry={refresh} />
      )}
      {!value && !error && (
        <div role="status" aria-label={t('why.loading')}>
          <Skeleton width="100%" height={96} />
        </div>
      )}
      {value && (
        <>
          <FreshnessNote freshness={value.freshness} />
          {value.explanation ? (
            <Cause explanation={value.explanation} first />
          ) : (
            <Text as="p">{t('why.none')}</Text>
          )}
          {value.others.length > 0 && (
            <>
              <h3 className={styles.subtitle}>{t('why.others')}</h3>
              {value.others.map(other => (
                <Cause key={other.cause} explanation={other} />
              ))}
            </>
          )}
          {value.gaps.map(gap => (
            <p key={gap} className={styles.gap}>
              {gap}
            </p>
          ))}
        </>
      )}
    </section>
  );
}

function Cause(props: { explanation: Explanation; first?: boolean }) {
  const { evidence, nextStep, summary } = props.explanation;
  return (
    <div className={props.first ? styles.first : styles.other}>
      <p className={styles.summary}>{summary}</p>
      <p className={styles.next}>
        <RiArrowRightLine size={16} aria-hidden className={styles.arrow} />
        {nextStep}
      </p>
      {evidence.length > 0 && (
        <ul className={styles.evidence}>
          {evidence.map((each, index) => (
            <li key={index}>
              <Proof evidence={each} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Proof(props: { evidence: Evidence }) {
  const { at, container, count, kind, lines, object, previous } =
    props.evidence;
  const { t } = useTranslationRef(deliveryTranslationRef);
  const name = object && `${object.kind} ${object.name}`;
  const label = t(
    kind === 'log' && previous ? 'why.previousLog' : `why.${kind}`,
  );
  return (
    <figure className={styles.proof}>
      <figcaption className={styles.caption}>
        {label}
        {name && (
          <>
            {' · '}
            <span className={styles.object}>
              {name}
              {container && ` / ${container}`}
            </span>
          </>
        )}
        {count !== undefined && count > 1 && (
          <> · {t('why.times', { count })}</>
        )}
        {at && (
          <>
            {' · '}
            <RelativeTime value={at} />
          </>
        )}
      </figcaption>
      <pre
        className={styles.lines}
        role="group"
        // It scrolls, and has to be reached by key.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        aria-label={[label, name].filter(Boolean).join(' ')}
      >
        {lines.join('\n')}
      </pre>
    </figure>
  );
}
