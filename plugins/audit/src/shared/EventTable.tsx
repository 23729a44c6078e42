import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import type { AuditEvent, AuditOutcome } from '@waystone/plugin-audit-common';
import { ListTable, RelativeTime, StateLabel } from '@waystone/ui';
import type { State } from '@waystone/ui';
import { auditTranslationRef } from '../translation';
import { describeWhat, shortName } from './describeEvent';
import styles from './EventTable.module.css';

const STATES: Readonly<Record<AuditOutcome, State>> = {
  initiated: 'progressing',
  succeeded: 'healthy',
  failed: 'critical',
};

/**
 * Events as a table, newest first.
 *
 * @param props - `onShow` is told the event that is looked into; without it events cannot be
 */
export function EventTable(props: {
  readonly events: readonly AuditEvent[];
  readonly busy: boolean;
  readonly onShow?: (id: string) => void;
}) {
  const { busy, events, onShow } = props;
  const { t } = useTranslationRef(auditTranslationRef);
  return (
    <ListTable
      label={t('label')}
      items={events}
      keyOf={event => event.id}
      busy={busy}
      isDense
      columns={[
        {
          id: 'what',
          label: t('column.what'),
          width: '32%',
          render: event => <What event={event} onShow={onShow} />,
        },
        {
          id: 'who',
          label: t('column.who'),
          width: '18%',
          render: event => <Actor actor={event.actor} />,
        },
        {
          id: 'entity',
          label: t('column.entity'),
          render: event => <Entities refs={event.entityRefs} />,
        },
        {
          id: 'outcome',
          label: t('column.outcome'),
          width: '140px',
          render: event => (
            <span title={event.error?.message}>
              <Outcome outcome={event.outcome} />
            </span>
          ),
        },
        {
          id: 'when',
          label: t('column.when'),
          width: '150px',
          render: event => (
            <span className={styles.time}>
              <RelativeTime value={event.occurredAt} />
            </span>
          ),
        },
      ]}
    />
  );
}

function What(props: {
  readonly event: AuditEvent;
  readonly onShow?: (id: string) => void;
}) {
  const { event, onShow } = props;
  const { t } = useTranslationRef(auditTranslationRef);
  const what = describeWhat(event);
  return (
    <>
      {onShow ? (
        <button
          type="button"
          className={styles.what}
          title={`${event.plugin}.${event.eventId}`}
          aria-label={t('show', { event: what })}
          onClick={() => onShow(event.id)}
        >
          {what}
        </button>
      ) : (
        <span className={styles.plain}>{what}</span>
      )}
      <span className={styles.plugin}>{event.plugin}</span>
    </>
  );
}

/** Who did it: a person is a link to her page. */
export function Actor(props: { readonly actor: string | undefined }) {
  const { actor } = props;
  const { t } = useTranslationRef(auditTranslationRef);
  if (!actor) {
    return <span className={styles.time}>{t('unknownActor')}</span>;
  }
  return actor.startsWith('user:') ? (
    <EntityRefLink entityRef={actor} hideIcon />
  ) : (
    <span title={actor}>{shortName(actor)}</span>
  );
}

/** How it ended, as icon, word and colour. */
export function Outcome(props: { readonly outcome: AuditOutcome }) {
  const { t } = useTranslationRef(auditTranslationRef);
  return (
    <StateLabel state={STATES[props.outcome]}>
      {t(`outcome.${props.outcome}`)}
    </StateLabel>
  );
}

function Entities(props: { readonly refs: readonly string[] }) {
  const { t } = useTranslationRef(auditTranslationRef);
  const [first, ...rest] = props.refs;
  if (!first) {
    return <>–</>;
  }
  return (
    <>
      <EntityRefLink entityRef={first} hideIcon />
      {rest.length > 0 && (
        <span className={styles.more} title={rest.join('\n')}>
          {t('more', { count: rest.length })}
        </span>
      )}
    </>
  );
}
