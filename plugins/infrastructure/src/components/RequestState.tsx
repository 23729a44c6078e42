import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { RequestStatus } from '@waystone/plugin-infrastructure-common';
import { StateLabel } from '@waystone/ui';
import type { State } from '@waystone/ui';
import { infrastructureTranslationRef } from '../translation';

const states: Readonly<Record<RequestStatus, State>> = {
  draft: 'unknown',
  'awaiting-approval': 'attention',
  provisioning: 'progressing',
  ready: 'healthy',
  updating: 'progressing',
  deleting: 'progressing',
  deleted: 'unknown',
  rejected: 'unknown',
  failed: 'critical',
  drifted: 'attention',
};

/** The status of a request as icon, word and colour. */
export function RequestState(props: { status: RequestStatus }) {
  const { t } = useTranslationRef(infrastructureTranslationRef);
  return (
    <StateLabel state={states[props.status]}>
      {t(`status.${props.status}`)}
    </StateLabel>
  );
}
