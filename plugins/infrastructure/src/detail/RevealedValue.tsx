import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button } from '@backstage/ui';
import { useEffect, useState } from 'react';
import { messageOf } from '@waystone/ui';
import { infrastructureApiRef } from '../api/InfrastructureClient';
import { infrastructureTranslationRef } from '../translation';
import { CopyButton } from './CopyButton';
import styles from './RevealedValue.module.css';

const SHOWN_MS = 30_000;

/** One value of a connection, hidden until it is asked for and again after half a minute. */
export function RevealedValue(props: { id: string; name: string }) {
  const { id, name } = props;
  const api = useApi(infrastructureApiRef);
  const { t } = useTranslationRef(infrastructureTranslationRef);
  const [value, setValue] = useState<string>();
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);

  useEffect(() => {
    if (value === undefined) {
      return undefined;
    }
    const hide = () => setValue(undefined);
    const onHidden = () => document.hidden && hide();
    const timer = setTimeout(hide, SHOWN_MS);
    document.addEventListener('visibilitychange', onHidden);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', onHidden);
    };
  }, [value]);

  const reveal = async () => {
    setBusy(true);
    setError(undefined);
    try {
      setValue((await api.reveal(id, name)).value);
    } catch (problem) {
      setError(problem);
    }
    setBusy(false);
  };

  return (
    <span className={styles.row}>
      <code className={styles.value}>{value ?? '••••••••'}</code>
      {value === undefined ? (
        <Button
          variant="tertiary"
          size="small"
          isDisabled={isBusy}
          aria-label={t('connection.revealLabel', { key: name })}
          onPress={reveal}
        >
          {t('connection.reveal')}
        </Button>
      ) : (
        <>
          <CopyButton what={name} text={value} />
          <Button
            variant="tertiary"
            size="small"
            aria-label={t('connection.hideLabel', { key: name })}
            onPress={() => setValue(undefined)}
          >
            {t('connection.hide')}
          </Button>
        </>
      )}
      {error !== undefined && (
        <span className={styles.error} role="alert">
          {messageOf(error)}
        </span>
      )}
    </span>
  );
}
