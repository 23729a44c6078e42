import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Text, TextField } from '@backstage/ui';
import type { RequestDetail } from '@waystone/plugin-infrastructure-common';
import { useState } from 'react';
import { infrastructureApiRef } from '../api/InfrastructureClient';
import { infrastructureTranslationRef } from '../translation';
import { ActionDialog } from './ActionDialog';

/** Approves or rejects, with a comment. */
export function DecisionDialog(props: {
  request: RequestDetail;
  decision: 'approve' | 'reject';
  onChange(): void;
}) {
  const { request, decision, onChange } = props;
  const api = useApi(infrastructureApiRef);
  const { t } = useTranslationRef(infrastructureTranslationRef);
  const [comment, setComment] = useState('');
  const verb = t(`action.${decision}`);
  return (
    <ActionDialog
      label={verb}
      title={`${verb}: ${request.name}`}
      confirm={verb}
      isPrimary={decision === 'approve'}
      isDestructive={decision === 'reject'}
      onConfirm={() =>
        api.decide(request.id, decision, comment.trim() || undefined)
      }
      onChange={onChange}
    >
      {request.statusReason && (
        <Text color="secondary">{request.statusReason}</Text>
      )}
      {request.reason && <Text>{request.reason}</Text>}
      <TextField
        label={t('action.comment')}
        maxLength={500}
        value={comment}
        onChange={setComment}
      />
    </ActionDialog>
  );
}
