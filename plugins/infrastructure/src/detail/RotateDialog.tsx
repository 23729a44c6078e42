import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Text } from '@backstage/ui';
import type { RequestDetail } from '@waystone/plugin-infrastructure-common';
import { infrastructureApiRef } from '../api/InfrastructureClient';
import { infrastructureTranslationRef } from '../translation';
import { ActionDialog } from './ActionDialog';
import { Loaded } from './Loaded';
import { NamedList, ReferenceList } from './NamedList';

/** Gives it new credentials, with the names of what has to hear of them. */
export function RotateDialog(props: {
  request: RequestDetail;
  onChange(): void;
}) {
  const { request, onChange } = props;
  const { id, name } = request;
  const api = useApi(infrastructureApiRef);
  const { t } = useTranslationRef(infrastructureTranslationRef);
  return (
    <ActionDialog
      label={t('rotate.label')}
      title={t('rotate.title', { name })}
      confirm={t('rotate.confirm')}
      onConfirm={() => api.rotate(id)}
      onChange={onChange}
    >
      <Text>{t('rotate.help')}</Text>
      <Loaded read={signal => api.getConsumers(id, signal)}>
        {({ dependants, problem, workloads }) => (
          <>
            {workloads.length > 0 ? (
              <NamedList title={t('rotate.workloads')} items={workloads} />
            ) : (
              <Text color="secondary">{problem ?? t('rotate.none')}</Text>
            )}
            <ReferenceList
              title={t('rotate.dependants')}
              references={dependants}
            />
          </>
        )}
      </Loaded>
    </ActionDialog>
  );
}
