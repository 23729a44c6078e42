import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button } from '@backstage/ui';
import type {
  AuditEvent,
  AuditEventsResponse,
} from '@waystone/plugin-audit-common';
import {
  EmptyState,
  ListFoot,
  ListPage,
  LoadingRows,
  Problem,
  useFilters,
  usePages,
} from '@waystone/ui';
import { useMemo, useState } from 'react';
import { auditApiRef } from '../api/AuditClient';
import { EventTable } from '../shared/EventTable';
import { auditTranslationRef } from '../translation';
import { EventDialog } from './EventDialog';
import { EventFilters } from './EventFilters';
import { ExportButtons } from './ExportButtons';
import { FILTERS, readFilters } from './readFilters';
import { StatusNote } from './StatusNote';

/** Everything that was done through the portal, for those who look after it. */
export function AuditPage() {
  const api = useApi(auditApiRef);
  const { t } = useTranslationRef(auditTranslationRef);
  const { change, clear, params } = useFilters();
  const asked = FILTERS.map(name => params.get(name) ?? '').join('\n');
  // Once for an address: time goes on, the question stays.
  const filters = useMemo(
    () => readFilters(params, Date.now()),
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [asked],
  );
  // Only the first page of a list says how long it is.
  const [count, setCount] = useState<{ total: number; isLeast: boolean }>();
  const { error, items, loading, more, response, retry } = usePages<
    AuditEvent,
    AuditEventsResponse
  >(JSON.stringify(filters), async (cursor, signal) => {
    const page = await api.list(filters, cursor, signal);
    if (page.totalItems !== undefined && !signal.aborted) {
      setCount({
        total: page.totalItems,
        isLeast: page.totalIsLeast ?? false,
      });
    }
    return page;
  });
  const total = count?.total ?? items.length;
  const isFiltered = asked.trim() !== '';
  const shown = params.get('show');

  return (
    <ListPage
      title={t('title')}
      summary={
        count &&
        (count.isLeast
          ? t('summaryLeast', { least: count.total.toLocaleString('en') })
          : t('summary', { count: count.total }))
      }
      actions={response && total > 0 && <ExportButtons filters={filters} />}
    >
      <StatusNote />
      <EventFilters params={params} change={change} />
      {error && <Problem title={t('failed')} error={error} onRetry={retry} />}
      {!response && !error && <LoadingRows label={t('loading')} />}
      {response && !error && items.length === 0 && (
        <EmptyState
          title={t(isFiltered ? 'noMatch' : 'none')}
          help={t(isFiltered ? 'noMatchHelp' : 'noneHelp')}
        >
          {isFiltered && (
            <Button variant="secondary" size="small" onPress={clear}>
              {t('clear')}
            </Button>
          )}
        </EmptyState>
      )}
      {items.length > 0 && (
        <>
          <EventTable
            events={items}
            busy={loading}
            onShow={id => change({ show: id })}
          />
          <ListFoot
            shown={items.length}
            total={Math.max(total, items.length)}
            loading={loading}
            onMore={more}
          />
        </>
      )}
      {shown && (
        <EventDialog
          id={shown}
          onClose={() => change({ show: undefined })}
          onActor={actor => change({ show: undefined, actor })}
        />
      )}
    </ListPage>
  );
}
