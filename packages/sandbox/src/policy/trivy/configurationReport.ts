import type { KubernetesObject } from '../../kubernetes/KubernetesCluster';
import type { CheckedPod } from './configurationChecks';
import { CONFIGURATION_CHECKS } from './configurationChecks';
import { reportMetadata, SCANNER } from './reportMetadata';

/** The report on the configuration of a workload; it holds what passed too. @internal */
export function configurationReport(
  owner: KubernetesObject,
  pod: CheckedPod,
  time: string,
): KubernetesObject {
  const checks = CONFIGURATION_CHECKS.map(
    ({ id, holds, should, severity, title, description, remediation }) => {
      const messages = pod.containers
        .filter(container => !holds(container, pod))
        .map(
          ({ name }) =>
            `Container '${name}' of ${owner.kind} '${owner.metadata.name}' should ${should}`,
        );
      return {
        category: 'Kubernetes Security Check',
        checkID: id,
        description,
        ...(messages.length > 0 && { messages }),
        remediation,
        severity,
        success: messages.length === 0,
        title,
      };
    },
  );
  const count = (severity: string) =>
    checks.filter(check => !check.success && check.severity === severity)
      .length;
  return {
    apiVersion: 'aquasecurity.github.io/v1alpha1',
    kind: 'ConfigAuditReport',
    metadata: reportMetadata(owner),
    report: {
      checks,
      scanner: SCANNER,
      summary: {
        criticalCount: count('CRITICAL'),
        highCount: count('HIGH'),
        lowCount: count('LOW'),
        mediumCount: count('MEDIUM'),
      },
      updateTimestamp: time,
    },
  };
}
