import type { Environment } from '@waystone/environments';
import type {
  ApprovalNeed,
  Cost,
  Offering,
} from '@waystone/plugin-infrastructure-common';
import type { InfrastructureConfig } from '../config/InfrastructureConfig';

/** Who has to approve a request, and why. */
export function findApproval(options: {
  readonly offering: Pick<Offering, 'approval' | 'title'>;
  readonly environment: Environment;
  readonly cost: Cost | undefined;
  readonly leads: readonly string[];
  readonly config: InfrastructureConfig;
}): ApprovalNeed {
  const { config, cost, environment, leads, offering } = options;
  const limit = config.approvals.costLimit;
  const reasons = [
    ...(offering.approval === 'always'
      ? [`${offering.title} always needs approval`]
      : []),
    ...(offering.approval === 'protected' && environment.protected
      ? [`${environment.title} is protected`]
      : []),
    ...(cost && limit !== undefined && cost.monthly > limit
      ? [`It costs more than ${limit} ${cost.currency} a month`]
      : []),
  ];
  const isOver = cost?.budget?.state === 'over';
  if (isOver) {
    reasons.push("The team's budget would be exceeded");
  }
  return {
    required: reasons.length > 0,
    reasons,
    approvers:
      reasons.length === 0
        ? []
        : [
            // Who has spent the budget does not decide that there is more of it.
            ...(isOver ? [] : leads),
            ...config.platformGroups,
          ],
  };
}
