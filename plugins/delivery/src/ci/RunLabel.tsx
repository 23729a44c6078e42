import { useTranslationRef } from '@backstage/frontend-plugin-api';
import type { CiStatus } from '@waystone/plugin-delivery-common';
import { StateLabel } from '@waystone/ui';
import type { State } from '@waystone/ui';
import { deliveryTranslationRef } from '../translation';

const STATES: Readonly<Record<CiStatus, State>> = {
  queued: 'unknown',
  running: 'progressing',
  succeeded: 'healthy',
  failed: 'critical',
  cancelled: 'attention',
  skipped: 'unknown',
};

/** How a run, a job or a step of CI stands. */
export function RunLabel(props: { status: CiStatus }) {
  const { t } = useTranslationRef(deliveryTranslationRef);
  return (
    <StateLabel state={STATES[props.status]}>
      {t(`ci.${props.status}`)}
    </StateLabel>
  );
}
