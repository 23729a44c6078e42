import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Select } from '@backstage/ui';
import type { RequestDetail } from '@waystone/plugin-infrastructure-common';
import { useState } from 'react';
import { infrastructureApiRef } from '../api/InfrastructureClient';
import { infrastructureTranslationRef } from '../translation';
import { ActionDialog } from './ActionDialog';

const DAYS = ['30', '90', '180', '365'];

/** Lets it go on for some days more. */
export function ExtendDialog(props: {
  request: RequestDetail;
  onChange(): void;
}) {
  const { request, onChange } = props;
  const { id, name, version } = request;
  const api = useApi(infrastructureApiRef);
  const { t } = useTranslationRef(infrastructureTranslationRef);
  const [days, setDays] = useState('90');
  return (
    <ActionDialog
      label={t('action.extend')}
      title={t('action.extendTitle', { name })}
      confirm={t('action.extendTitle', { name })}
      onConfirm={() =>
        api.update(id, { version, timeToLiveDays: Number(days) })
      }
      onChange={onChange}
    >
      <Select
        label={t('action.days')}
        options={DAYS.map(value => ({ value, label: value }))}
        value={days}
        onChange={value => setDays(String(value))}
      />
    </ActionDialog>
  );
}
