import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import type { PlatformSystem } from '@waystone/plugin-platform-health-common';
import { Alert, Button, Container, Skeleton, Text } from '@backstage/ui';
import { RiRefreshLine } from '@remixicon/react';
import { RelativeTime, usePolling } from '@waystone/ui';
import { useCallback } from 'react';
import { platformHealthApiRef } from '../api/PlatformHealthClient';
import { platformHealthTranslationRef } from '../translation';
import styles from './PlatformHealthPage.module.css';
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
  const denied = error?.name === 'ResponseError' && isDenied(error);

  return (
    <Container>
      <header className={styles.header}>
        <div>
          <h1 className={styles.title}>{t('page.title')}</h1>
          <p className={styles.summary} role="status">
            {value ? <Summary systems={value.items} /> : t('page.loading')}{' '}
            <CheckedAt items={value?.items} label={t('page.checked')} />
          </p>
        </div>
        <Button
          variant="secondary"
          iconStart={<RiRefreshLine aria-hidden />}
          onPress={refresh}
        >
          {t('page.refresh')}
        </Button>
      </header>
      {denied && (
        <Alert
          status="warning"
          icon
          title={t('denied.title')}
          description={t('denied.help')}
        />
      )}
      {error && !denied && (
        <Alert
          status="danger"
          icon
          title={t('page.failed')}
          description={`${error.message}${
            value ? ` ${t('page.failedKeeps')}` : ''
          }`}
          className={styles.alert}
        />
      )}
      {!value && !error && <LoadingRows />}
      {value && value.items.length === 0 && (
        <div className={styles.empty}>
          <Text as="h2" variant="title-x-small" weight="bold">
            {t('empty.title')}
          </Text>
          <Text color="secondary">{t('empty.help')}</Text>
        </div>
      )}
      {value && value.items.length > 0 && <SystemTable systems={value.items} />}
      {!denied && <SandboxStories onChange={refresh} />}
    </Container>
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

function isDenied(error: Error & { statusCode?: number }) {
  return error.statusCode === 403;
}

function LoadingRows() {
  return (
    <div className={styles.skeleton} aria-hidden>
      {Array.from({ length: 8 }, (_, row) => (
        <Skeleton key={row} width="100%" height={40} />
      ))}
    </div>
  );
}
