import type { AdmissionPlugin } from '../../kubernetes/KubernetesCluster';
import { StatusError } from '../../kubernetes/StatusError';
import type { ConstraintIndex, Violation } from './ConstraintIndex';

/**
 * Gatekeeper's validating webhook: denies, warns, or lets pass what the audit counts.
 *
 * @internal
 */
export function createGatekeeperAdmission(
  index: ConstraintIndex,
  isActive: () => boolean,
): AdmissionPlugin {
  return ({ operation, object, subresource }) => {
    if (!isActive() || operation === 'DELETE' || subresource || !object) {
      return [];
    }
    const violations = index.review({ object, operation });
    const denials = violations.filter(({ action }) => action === 'deny');
    if (denials.length > 0) {
      throw new StatusError({
        code: 403,
        reason: 'Forbidden',
        message: `admission webhook "validation.gatekeeper.sh" denied the request: ${denials
          .map(format)
          .join('\n')}`,
      });
    }
    return violations.filter(({ action }) => action === 'warn').map(format);
  };
}

function format({ constraint, message }: Violation): string {
  return `[${constraint.metadata.name}] ${message}`;
}
