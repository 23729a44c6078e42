import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button, Skeleton, Text } from '@backstage/ui';
import type {
  EnvironmentColumn,
  Health,
  ObjectEvent,
  RunningObject,
} from '@waystone/plugin-delivery-common';
import { FreshnessNote, Problem, RelativeTime, StateLabel } from '@waystone/ui';
import type { State } from '@waystone/ui';
import { useCallback, useId, useState } from 'react';
import { deliveryApiRef } from '../api/DeliveryClient';
import { useLive } from '../shared/useLive';
import { deliveryTranslationRef } from '../translation';
import styles from './ObjectsSection.module.css';

/** How many children of an object are listed before somebody asks for all. */
const MOST_CHILDREN = 10;

const MOST_EVENTS = 10;

const STATES: Readonly<Record<Health, State>> = {
  healthy: 'healthy',
  progressing: 'progressing',
  degraded: 'critical',
  suspended: 'attention',
  missing: 'attention',
  unknown: 'unknown',
};

/** What runs in an environment, down to the containers, and what happened to it. */
export function ObjectsSection(props: {
  entityRef: string;
  environment: EnvironmentColumn;
}) {
  const { entityRef, environment } = props;
  const api = useApi(deliveryApiRef);
  const { t } = useTranslationRef(deliveryTranslationRef);
  const id = useId();
  const read = useCallback(
    (signal: AbortSignal) =>
      api.listObjects(entityRef, environment.name, signal),
    [api, entityRef, environment.name],
  );
  const { error, refresh, value } = useLive(read);
  return (
    <section className={styles.section} aria-labelledby={id}>
      <h2 id={id} className={styles.title}>
        {t('objects.title', { environment: environment.title })}
      </h2>
      {error && (
        <Problem title={t('objects.failed')} error={error} onRetry={refresh} />
      )}
      {!value && !error && (
        <div role="status" aria-label={t('objects.loading')}>
          <Skeleton width="100%" height={160} />
        </div>
      )}
      {value && (
        <>
          <FreshnessNote freshness={value.freshness} />
          {value.gaps.map(gap => (
            <p key={gap} className={styles.quiet}>
              {gap}
            </p>
          ))}
          {value.items.length === 0 ? (
            <Text as="p">{t('objects.none')}</Text>
          ) : (
            <Children
              label={t('objects.label', { environment: environment.title })}
              objects={value.items}
              parent={undefined}
              depth={0}
            />
          )}
          {value.totalItems > value.items.length && (
            <p className={styles.quiet}>
              {t('objects.cut', {
                shown: String(value.items.length),
                total: String(value.totalItems),
              })}
            </p>
          )}
          <Events events={value.events} />
        </>
      )}
    </section>
  );
}

function Children(props: {
  objects: readonly RunningObject[];
  parent: string | undefined;
  depth: number;
  label?: string;
}) {
  const { depth, label, objects, parent } = props;
  const { t } = useTranslationRef(deliveryTranslationRef);
  const [all, setAll] = useState(false);
  const children = objects
    .filter(object => object.parent === parent)
    .sort((a, b) => rank(a, objects) - rank(b, objects));
  if (children.length === 0) {
    return null;
  }
  // What came of a rollout that is over says nothing: old ReplicaSets have no pods.
  const kept = all
    ? children
    : children
        .filter(each => depth === 0 || !isOver(each, objects))
        .slice(0, depth === 0 ? children.length : MOST_CHILDREN);
  const hidden = children.length - kept.length;
  return (
    <ul
      className={depth === 0 ? styles.tree : styles.branch}
      aria-label={label}
    >
      {kept.map(object => (
        <li key={object.id}>
          <ObjectRow object={object} />
          <Children objects={objects} parent={object.id} depth={depth + 1} />
        </li>
      ))}
      {hidden > 0 && (
        <li>
          <Button size="small" variant="tertiary" onPress={() => setAll(true)}>
            {t('objects.more', { count: hidden })}
          </Button>
        </li>
      )}
    </ul>
  );
}

function ObjectRow(props: { object: RunningObject }) {
  const {
    containers = [],
    createdAt,
    health,
    kind,
    message,
    name,
    node,
    sync,
  } = props.object;
  const { t } = useTranslationRef(deliveryTranslationRef);
  const restarts = containers.reduce((sum, each) => sum + each.restarts, 0);
  const failing = containers.filter(
    ({ init, ready, state }) =>
      !ready && !(init && state === 'Completed') && state !== 'Completed',
  );
  return (
    <div className={styles.object}>
      <span className={styles.kind}>{kind}</span>
      <span className={styles.name}>{name}</span>
      {health && (
        <StateLabel state={STATES[health]}>{t(`health.${health}`)}</StateLabel>
      )}
      {sync === 'out-of-sync' && (
        <StateLabel state="attention">{t('cell.drift')}</StateLabel>
      )}
      <span className={styles.facts}>
        {containers.length > 0 && (
          <span>
            {t('objects.ready', {
              ready: String(containers.filter(({ ready }) => ready).length),
              total: String(containers.length),
            })}
          </span>
        )}
        {restarts > 0 && (
          <span>{t('objects.restarts', { count: restarts })}</span>
        )}
        {node && <span>{node}</span>}
        {createdAt && <RelativeTime value={createdAt} />}
      </span>
      {message && health !== 'healthy' && failing.length === 0 && (
        <p className={styles.message}>{message}</p>
      )}
      {failing.map(container => (
        <p key={container.name} className={styles.message}>
          <span className={styles.name}>{container.name}</span>:{' '}
          {container.state}
          {container.message && `, ${container.message}`}
        </p>
      ))}
    </div>
  );
}

function Events(props: { events: readonly ObjectEvent[] }) {
  const { events } = props;
  const { t } = useTranslationRef(deliveryTranslationRef);
  const [all, setAll] = useState(false);
  const id = useId();
  const shown = all ? events : events.slice(0, MOST_EVENTS);
  return (
    <div className={styles.events}>
      <h3 id={id} className={styles.subtitle}>
        {t('objects.events')}
      </h3>
      {events.length === 0 && (
        <p className={styles.quiet}>{t('objects.noEvents')}</p>
      )}
      {events.length > 0 && (
        <ul className={styles.tree} aria-labelledby={id}>
          {shown.map((event, index) => (
            <li key={index} className={styles.event}>
              {event.warning ? (
                <StateLabel state="attention">{event.reason}</StateLabel>
              ) : (
                <span className={styles.kind}>{event.reason}</span>
              )}
              <span className={styles.text}>
                {event.message}{' '}
                <span className={styles.quiet}>
                  {event.object.kind} {event.object.name}
                  {event.count > 1 &&
                    ` · ${t('why.times', { count: event.count })}`}
                  {event.at && (
                    <>
                      {' · '}
                      <RelativeTime value={event.at} />
                    </>
                  )}
                </span>
              </span>
            </li>
          ))}
        </ul>
      )}
      {shown.length < events.length && (
        <Button size="small" variant="tertiary" onPress={() => setAll(true)}>
          {t('objects.moreEvents', { count: events.length - shown.length })}
        </Button>
      )}
    </div>
  );
}

/** What is not well first, then what something came of, then the rest. */
function rank(object: RunningObject, objects: readonly RunningObject[]) {
  const trouble = ['degraded', 'missing', 'progressing'].indexOf(
    object.health ?? '',
  );
  if (trouble >= 0) {
    return trouble;
  }
  return objects.some(({ parent }) => parent === object.id) ? 5 : 6;
}

function isOver(
  { createdAt, id, kind, parent }: RunningObject,
  objects: readonly RunningObject[],
) {
  return (
    kind === 'ReplicaSet' &&
    !objects.some(each => each.parent === id) &&
    objects.some(
      each =>
        each.parent === parent &&
        each.kind === kind &&
        (each.createdAt ?? '') > (createdAt ?? ''),
    )
  );
}
