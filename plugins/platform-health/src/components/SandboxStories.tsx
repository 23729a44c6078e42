import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { usePermission } from '@backstage/plugin-permission-react';
import { Alert, Button, Text } from '@backstage/ui';
import { platformHealthSandboxChangePermission } from '@waystone/plugin-platform-health-common';
import type { SandboxStory } from '@waystone/plugin-platform-health-common';
import { RelativeTime, StateLabel, usePolling } from '@waystone/ui';
import { useCallback, useState } from 'react';
import { platformHealthApiRef } from '../api/PlatformHealthClient';
import { platformHealthTranslationRef } from '../translation';
import styles from './SandboxStories.module.css';

const INTERVAL_MS = 15_000;

/** The stories of the sandbox, each with a button. Nothing where no sandbox runs. */
export function SandboxStories(props: { onChange: () => void }) {
  const api = useApi(platformHealthApiRef);
  const { t } = useTranslationRef(platformHealthTranslationRef);
  const { allowed } = usePermission({
    permission: platformHealthSandboxChangePermission,
  });
  const read = useCallback(
    (signal: AbortSignal) => api.findSandbox(signal),
    [api],
  );
  const { value, error, refresh } = usePolling(read, INTERVAL_MS);
  const [busy, setBusy] = useState<string>();
  const [problem, setProblem] = useState<Error>();

  const change = async (name: string, action: () => Promise<void>) => {
    setBusy(name);
    setProblem(undefined);
    try {
      await action();
    } catch (failure) {
      setProblem(failure as Error);
    } finally {
      setBusy(undefined);
      refresh();
      props.onChange();
    }
  };

  if (!value && !error) {
    return null;
  }
  return (
    <section className={styles.section}>
      <Text as="h2" variant="title-x-small" weight="bold">
        {t('sandbox.title')}
      </Text>
      <Text color="secondary">
        {allowed ? t('sandbox.help') : t('sandbox.readOnly')}
      </Text>
      {error && (
        <Alert
          status="warning"
          icon
          title={t('sandbox.unreachable')}
          description={error.message}
        />
      )}
      {problem && (
        <Alert
          status="danger"
          icon
          title={t('sandbox.failed')}
          description={problem.message}
        />
      )}
      {value && (
        <ul className={styles.list}>
          {value.stories.map(story => (
            <StoryCard
              key={story.name}
              story={story}
              disabled={!allowed || busy !== undefined}
              busy={busy === story.name}
              onChange={verb =>
                change(story.name, () => api.changeStory(story.name, verb))
              }
            />
          ))}
        </ul>
      )}
      {value && Object.keys(value.faults).length > 0 && (
        <>
          <Text as="h3" variant="body-medium" weight="bold">
            {t('faults.title')}
          </Text>
          <ul className={styles.faults}>
            {Object.entries(value.faults).map(([system, fault]) => (
              <li key={system} className={styles.fault}>
                <strong>{system}</strong>
                <code>{JSON.stringify(fault)}</code>
                <Button
                  size="small"
                  variant="secondary"
                  isDisabled={!allowed || busy !== undefined}
                  aria-label={t('faults.clearLabel', { system })}
                  onPress={() => change(system, () => api.clearFault(system))}
                >
                  {t('faults.clear')}
                </Button>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function StoryCard(props: {
  story: SandboxStory;
  disabled: boolean;
  busy: boolean;
  onChange: (verb: 'start' | 'undo') => void;
}) {
  const { story, disabled, busy, onChange } = props;
  const { t } = useTranslationRef(platformHealthTranslationRef);
  const verb = story.activeSince ? 'undo' : 'start';
  return (
    <li className={styles.card}>
      <h3 className={styles.name}>{story.title}</h3>
      <p className={styles.text}>{story.summary}</p>
      <p className={styles.look}>
        {t('sandbox.look')} {story.look}
      </p>
      <div className={styles.foot}>
        {story.activeSince && (
          <span className={styles.active}>
            <StateLabel state="attention">{t('sandbox.active')}</StateLabel>{' '}
            <RelativeTime value={story.activeSince} />
          </span>
        )}
        <Button
          size="small"
          variant={story.activeSince ? 'primary' : 'secondary'}
          isDisabled={disabled}
          loading={busy}
          aria-label={t(`sandbox.${verb}Label`, { title: story.title })}
          onPress={() => onChange(verb)}
        >
          {t(`sandbox.${verb}`)}
        </Button>
      </div>
    </li>
  );
}
