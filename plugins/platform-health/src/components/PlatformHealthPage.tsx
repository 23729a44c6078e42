import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import type { PlatformSystem } from '@waystone/plugin-platform-health-common';
import { Alert, Button } from '@backstage/ui';
import { RiRefreshLine } from '@remixicon/react';
import {
  EmptyState,
  ListPage,
  LoadingRows,
  Problem,
  RelativeTime,
  statusOf,
  usePolling,
} from '@waystone/ui';
import { useCallback } from 'react';
import { platformHealthApiRef } from '../api/PlatformHealthClient';
import { platformHealthTranslationRef } from '../translation';
import { SandboxStories } from './SandboxStories';
import { SystemTable } from './SystemTable';

const INTERVAL_MS = 10_000;

/** The page: all systems, and the sandbox's stories where there is one. */
export function PlatformHealthPage() {
  const api = useApi(platformHealthApiRef);
  const { t } = useTranslationRef(platformHealthTranslationRef);
  const read = useCallback(
    (signal: AbortSignal) => api.listSystems(signal),
    [api],
  );
  const { value, error, refresh } = usePolling(read, INTERVAL_MS);
  const denied = statusOf(error) === 403;

  return (
    <ListPage
      title={t('page.title')}
      summary={
        <>
          {value ? <Summary systems={value.items} /> : t('page.loading')}{' '}
          <CheckedAt items={value?.items} label={t('page.checked')} />
        </>
      }
      actions={
        <Button
          variant="secondary"
          iconStart={<RiRefreshLine aria-hidden />}
          onPress={refresh}
        >
          {t('page.refresh')}
        </Button>
      }
    >
      {denied && (
        <Alert
          status="warning"
          icon
          title={t('denied.title')}
          description={t('denied.help')}
        />
      )}
      {error && !denied && (
        <Problem
          title={t(value ? 'page.failedKeeps' : 'page.failed')}
          error={error}
          onRetry={refresh}
        />
      )}
      {!value && !error && <LoadingRows label={t('page.loading')} />}
      {value && value.items.length === 0 && (
        <EmptyState title={t('empty.title')} help={t('empty.help')} />
      )}
      {value && value.items.length > 0 && <SystemTable systems={value.items} />}
      {!denied && <SandboxStories onChange={refresh} />}
    </ListPage>
  );
}

function Summary(props: { systems: readonly PlatformSystem[] }) {
  const { t } = useTranslationRef(platformHealthTranslationRef);
  const { systems } = props;
  const total = String(systems.length);
  const ill = systems.filter(
    system => system.state === 'down' || system.state === 'degraded',
  ).length;
  if (systems.length === 0) {
    return <>{t('page.none')}</>;
  }
  return (
    <>
      {ill === 0
        ? t('page.allWell', { total })
        : t('page.someIll', { ill: String(ill), total })}
    </>
  );
}

function CheckedAt(props: {
  items?: readonly PlatformSystem[];
  label: string;
}) {
  const last = props.items
    ?.flatMap(item => item.checkedAt ?? [])
    .sort()
    .at(-1);
  return last ? (
    <>
      {props.label} <RelativeTime value={last} />.
    </>
  ) : null;
}
