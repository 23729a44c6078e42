import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Checkbox, Text, TextField } from '@backstage/ui';
import type { RequestDetail } from '@waystone/plugin-infrastructure-common';
import { RelativeTime } from '@waystone/ui';
import { useState } from 'react';
import { infrastructureApiRef } from '../api/InfrastructureClient';
import { infrastructureTranslationRef } from '../translation';
import { ActionDialog } from './ActionDialog';
import { Loaded } from './Loaded';
import { NamedList, ReferenceList } from './NamedList';

/** Deletes the resource with its data, once its name is typed and it is seen what depends on it. */
export function DeleteDialog(props: {
  request: RequestDetail;
  onChange(): void;
}) {
  const { request, onChange } = props;
  const { actions, id, kind, name, namespace } = request;
  const api = useApi(infrastructureApiRef);
  const { t } = useTranslationRef(infrastructureTranslationRef);
  const [typed, setTyped] = useState('');
  const [finalBackup, setFinalBackup] = useState(actions.backUp);
  return (
    <ActionDialog
      label={t('action.delete')}
      title={t('action.deleteTitle', { name })}
      confirm={t('action.deleteTitle', { name })}
      isDestructive
      isDisabled={typed !== name}
      onConfirm={() => api.remove(id, typed, actions.backUp && finalBackup)}
      onChange={onChange}
    >
      <Text>{t('action.deleteHelp', { kind, name, namespace })}</Text>
      <Loaded read={signal => api.previewDeletion(id, signal)}>
        {({ dependants, lastGoodBackupAt, objects, workloads }) => (
          <>
            <NamedList title={t('action.deleteObjects')} items={objects} />
            <NamedList title={t('action.deleteWorkloads')} items={workloads} />
            {dependants.length > 0 ? (
              <ReferenceList
                title={t('action.deleteDependants')}
                references={dependants}
              />
            ) : (
              <Text color="secondary">{t('action.deleteNoDependants')}</Text>
            )}
            {lastGoodBackupAt && (
              <Text color="secondary">
                {t('action.lastBackup')}{' '}
                <RelativeTime value={lastGoodBackupAt} />.
              </Text>
            )}
          </>
        )}
      </Loaded>
      {actions.backUp && (
        <Checkbox isSelected={finalBackup} onChange={setFinalBackup}>
          {t('action.finalBackup')}
        </Checkbox>
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
