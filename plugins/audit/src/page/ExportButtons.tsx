import {
  toastApiRef,
  useApi,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { Button } from '@backstage/ui';
import { messageOf } from '@waystone/ui';
import { useState } from 'react';
import { auditApiRef } from '../api/AuditClient';
import type { EventFilters } from '../api/AuditClient';
import { auditTranslationRef } from '../translation';

/** Saves what the filters leave as a file. */
export function ExportButtons(props: { readonly filters: EventFilters }) {
  const { filters } = props;
  const api = useApi(auditApiRef);
  const toasts = useApi(toastApiRef);
  const { t } = useTranslationRef(auditTranslationRef);
  const [busy, setBusy] = useState(false);
  const save = async (format: 'csv' | 'json') => {
    setBusy(true);
    try {
      saveAs(await api.export(filters, format), `audit.${format}`);
    } catch (error) {
      toasts.post({
        title: t('exportFailed'),
        description: messageOf(error),
        status: 'danger',
      });
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Button variant="secondary" isDisabled={busy} onPress={() => save('csv')}>
        {t('exportCsv')}
      </Button>
      <Button
        variant="secondary"
        isDisabled={busy}
        onPress={() => save('json')}
      >
        {t('exportJson')}
      </Button>
    </>
  );
}

function saveAs(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser takes the file after this turn.
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
