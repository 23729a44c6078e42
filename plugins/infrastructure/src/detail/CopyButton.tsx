import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button } from '@backstage/ui';
import { useEffect, useState } from 'react';
import { infrastructureTranslationRef } from '../translation';

const SAID_MS = 2000;

/** Copies a text and says so. */
export function CopyButton(props: { what: string; text: string }) {
  const { what, text } = props;
  const { t } = useTranslationRef(infrastructureTranslationRef);
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) {
      return undefined;
    }
    const timer = setTimeout(() => setCopied(false), SAID_MS);
    return () => clearTimeout(timer);
  }, [isCopied]);
  return (
    <Button
      variant="tertiary"
      size="small"
      aria-label={t('connection.copyLabel', { what })}
      onPress={async () => {
        await navigator.clipboard.writeText(text);
        setCopied(true);
      }}
    >
      {t(isCopied ? 'connection.copied' : 'connection.copy')}
    </Button>
  );
}
