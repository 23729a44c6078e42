import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Skeleton, Text } from '@backstage/ui';
import type {
  Offering,
  PreviewRequest,
  RequestDetail,
} from '@waystone/plugin-infrastructure-common';
import { useEffect, useState } from 'react';
import { infrastructureApiRef } from '../api/InfrastructureClient';
import { ParameterForm } from '../request/ParameterForm';
import { PreviewPanel } from '../request/PreviewPanel';
import { usePreview } from '../request/usePreview';
import { withoutEmpty } from '../request/withoutEmpty';
import { infrastructureTranslationRef } from '../translation';
import { ActionDialog } from './ActionDialog';

const WIDTH = 720;

/** Resizes or upgrades, with the same form and the same preview as the request. */
export function ChangeDialog(props: {
  request: RequestDetail;
  onChange(): void;
}) {
  const { request, onChange } = props;
  const { id, name, parameters, version } = request;
  const api = useApi(infrastructureApiRef);
  const { t } = useTranslationRef(infrastructureTranslationRef);
  const [changed, setChanged] = useState<Record<string, unknown>>();
  const wanted = changed && withoutEmpty(changed);
  const isSame =
    !wanted || JSON.stringify(wanted) === JSON.stringify(parameters);
  const preview = usePreview(isSame ? undefined : toPreview(request, wanted));
  return (
    <ActionDialog
      label={t('action.change')}
      title={t('action.changeTitle', { name })}
      confirm={t('action.apply', { name })}
      width={WIDTH}
      isDisabled={isSame || preview.isBusy || !preview.value?.submittable}
      onConfirm={() => api.update(id, { version, parameters: wanted })}
      onChange={onChange}
    >
      <Text color="secondary">{t('action.changeHelp')}</Text>
      <Parameters
        request={request}
        value={changed ?? parameters}
        // What the change does is no mistake at a field; the preview says it.
        verdicts={(preview.value?.verdicts ?? []).filter(
          ({ source }) => source !== 'change',
        )}
        onChange={setChanged}
      />
      <PreviewPanel preview={preview} />
    </ActionDialog>
  );
}

function Parameters(
  props: Omit<Parameters<typeof ParameterForm>[0], 'offering'> & {
    request: RequestDetail;
  },
) {
  const { request, ...rest } = props;
  const api = useApi(infrastructureApiRef);
  const [offering, setOffering] = useState<Offering>();
  useEffect(() => {
    const controller = new AbortController();
    api.listOfferings(controller.signal).then(
      ({ items }) =>
        setOffering(items.find(({ id }) => id === request.offering)),
      () => {
        // The preview beside it says that the backend does not answer.
      },
    );
    return () => controller.abort();
  }, [api, request.offering]);
  return offering ? (
    <ParameterForm offering={offering} {...rest} />
  ) : (
    <Skeleton width="100%" height={160} />
  );
}

function toPreview(
  request: RequestDetail,
  parameters: Record<string, unknown>,
): PreviewRequest {
  return {
    requestId: request.id,
    offering: request.offering,
    name: request.name,
    environment: request.environment,
    system: request.system,
    owner: request.owner,
    costCenter: request.costCenter,
    parameters,
  };
}
