import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import {
  Button,
  Dialog,
  DialogBody,
  DialogFooter,
  DialogHeader,
} from '@backstage/ui';
import type { AuditEvent } from '@waystone/plugin-audit-common';
import { LoadingRows, Problem, RelativeTime } from '@waystone/ui';
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { auditApiRef } from '../api/AuditClient';
import { describeWhat, shortName } from '../shared/describeEvent';
import { Actor, Outcome } from '../shared/EventTable';
import { auditTranslationRef } from '../translation';
import styles from './EventDialog.module.css';

/** All that is known of one event. Its id is in the address, so it can be passed on. */
export function EventDialog(props: {
  readonly id: string;
  readonly onClose: () => void;
  readonly onActor: (actor: string) => void;
}) {
  const { id, onActor, onClose } = props;
  const api = useApi(auditApiRef);
  const { t } = useTranslationRef(auditTranslationRef);
  const [state, setState] = useState<{ event?: AuditEvent; error?: Error }>({});

  useEffect(() => {
    const controller = new AbortController();
    setState({});
    api.get(id, controller.signal).then(
      event => !controller.signal.aborted && setState({ event }),
      error => !controller.signal.aborted && setState({ error }),
    );
    return () => controller.abort();
  }, [api, id]);

  const { error, event } = state;
  const actor = event?.actor;
  return (
    <Dialog
      isOpen
      isDismissable
      onOpenChange={open => !open && onClose()}
      width={720}
    >
      <DialogHeader>{event ? describeWhat(event) : t('title')}</DialogHeader>
      <DialogBody>
        {error && <Problem title={t('detail.failed')} error={error} />}
        {!event && !error && <LoadingRows rows={4} />}
        {event && <Facts event={event} />}
      </DialogBody>
      {actor && (
        <DialogFooter>
          <Button variant="secondary" onPress={() => onActor(actor)}>
            {t('detail.sameActor', { actor: shortName(actor) })}
          </Button>
        </DialogFooter>
      )}
    </Dialog>
  );
}

function Facts(props: { readonly event: AuditEvent }) {
  const { event } = props;
  const { t } = useTranslationRef(auditTranslationRef);
  const facts: [string, ReactNode][] = [
    [t('detail.who'), <Actor actor={event.actor} />],
    [
      t('detail.when'),
      <>
        {new Date(event.occurredAt).toLocaleString()} (
        <RelativeTime value={event.occurredAt} />)
      </>,
    ],
    [t('detail.outcome'), <Outcome outcome={event.outcome} />],
    [
      t('detail.error'),
      event.error && `${event.error.name}: ${event.error.message}`,
    ],
    [
      t('detail.entities'),
      event.entityRefs.length > 0 && (
        <ul>
          {event.entityRefs.map(ref => (
            <li key={ref}>
              <EntityRefLink entityRef={ref} hideIcon />
            </li>
          ))}
        </ul>
      ),
    ],
    [t('detail.plugin'), <Code>{`${event.plugin}.${event.eventId}`}</Code>],
    [t('detail.severity'), t(`severity.${event.severity}`)],
    [t('detail.from'), event.ip],
    [t('detail.with'), event.userAgent],
    [
      t('detail.request'),
      event.url && <Code>{`${event.method ?? ''} ${event.url}`}</Code>,
    ],
    [t('detail.requestId'), event.requestId && <Code>{event.requestId}</Code>],
    [
      t('detail.place'),
      event.sequence !== undefined &&
        t('detail.sequence', {
          stream: event.stream ?? '',
          sequence: event.sequence.toLocaleString('en'),
        }),
    ],
  ];
  return (
    <>
      <dl className={styles.facts}>
        {facts
          .filter(([, value]) => value)
          .map(([name, value]) => (
            <Fact key={name} name={name} value={value} />
          ))}
      </dl>
      {event.meta && (
        <pre
          className={styles.details}
          aria-label={t('detail.details')}
          // Scrolled by keyboard
          // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
          tabIndex={0}
        >
          {JSON.stringify(event.meta, undefined, 2)}
        </pre>
      )}
    </>
  );
}

function Fact(props: { readonly name: string; readonly value: ReactNode }) {
  return (
    <>
      <dt>{props.name}</dt>
      <dd>{props.value}</dd>
    </>
  );
}

function Code(props: { readonly children: string }) {
  return <span className={styles.code}>{props.children}</span>;
}
