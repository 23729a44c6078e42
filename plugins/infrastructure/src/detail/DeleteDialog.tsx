import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import { Text, TextField } from '@backstage/ui';
import type { RequestDetail } from '@waystone/plugin-infrastructure-common';
import { useState } from 'react';
import { infrastructureApiRef } from '../api/InfrastructureClient';
import { infrastructureTranslationRef } from '../translation';
import { ActionDialog } from './ActionDialog';

/** Deletes the resource with its data, once its name is typed. */
export function DeleteDialog(props: {
  request: RequestDetail;
  onChange(): void;
}) {
  const { request, onChange } = props;
  const { kind, name, namespace, component } = request;
  const api = useApi(infrastructureApiRef);
  const { t } = useTranslationRef(infrastructureTranslationRef);
  const [typed, setTyped] = useState('');
  return (
    <ActionDialog
      label={t('action.delete')}
      title={t('action.deleteTitle', { name })}
      confirm={t('action.deleteTitle', { name })}
      isDestructive
      isDisabled={typed !== name}
      onConfirm={() => api.remove(request.id, typed)}
      onChange={onChange}
    >
      <Text>{t('action.deleteHelp', { kind, name, namespace })}</Text>
      {component ? (
        <Text>
          {t('action.deleteDependants')}{' '}
          <EntityRefLink entityRef={component} hideIcon />
        </Text>
      ) : (
        <Text color="secondary">{t('action.deleteNoDependants')}</Text>
      )}
      <TextField
        label={t('action.typeName', { name })}
        value={typed}
        onChange={setTyped}
        autoComplete="off"
      />
    </ActionDialog>
  );
}
