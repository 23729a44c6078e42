import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Button } from '@backstage/ui';
import { useState } from 'react';
import { uiTranslationRef } from '../translation';
import type { Refusal } from './refusalOf';

/** Copies what one has to tell somebody to be given a permission. */
export function CopyRequestButton(props: { readonly refusal: Refusal }) {
  const { permission, resource } = props.refusal;
  const { t } = useTranslationRef(uiTranslationRef);
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    const address = window.location.href;
    await window.navigator.clipboard.writeText(
      resource
        ? t('refusal.requestFor', { address, permission, resource })
        : t('refusal.request', { address, permission }),
    );
    setCopied(true);
  };
  return (
    <>
      <Button variant="secondary" size="small" onPress={copy}>
        {t('refusal.copy')}
      </Button>
      <span role="status">{isCopied && t('refusal.copied')}</span>
    </>
  );
}
