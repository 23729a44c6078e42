import type { KubernetesObject } from '../../kubernetes/KubernetesCluster';
import { formatRego } from './formatRego';
import type { ConstraintRule, ReviewedContainer } from './Review';
import { containersOf, isExempt } from './Review';

/** A check of each container that is not exempt. Pods cannot change what is checked, so updates pass. */
function perContainer(
  check: (
    container: ReviewedContainer,
    object: KubernetesObject,
    parameters: Readonly<Record<string, any>>,
  ) => string | undefined,
): ConstraintRule {
  return ({ object, operation }, parameters) =>
    operation === 'UPDATE'
      ? []
      : containersOf(object)
          .filter(container => !isExempt(container, parameters))
          .flatMap(container => check(container, object, parameters) ?? []);
}

const privileged = perContainer(({ name, securityContext }) =>
  securityContext?.privileged
    ? `Privileged container is not allowed: ${name}, securityContext: ${formatRego(
        securityContext,
      )}`
    : undefined,
);

const privilegeEscalation = perContainer(({ name, securityContext }) =>
  securityContext?.allowPrivilegeEscalation === false
    ? undefined
    : `Privilege escalation container is not allowed: ${name}`,
);

const allowedUsers = perContainer(
  ({ name, securityContext }, { spec }, parameters) => {
    const field = (key: string) =>
      securityContext?.[key] ?? spec.securityContext?.[key];
    const user = field('runAsUser') as number | undefined;
    const wanted = parameters.runAsUser as
      | { rule: string; ranges?: { min: number; max: number }[] }
      | undefined;
    switch (wanted?.rule) {
      case 'MustRunAsNonRoot':
        if (user === 0) {
          return `Container ${name} is attempting to run as disallowed user 0. Allowed runAsUser: ${formatRego(
            wanted,
          )}`;
        }
        return user || field('runAsNonRoot')
          ? undefined
          : `Container ${name} is attempting to run without a required securityContext/runAsNonRoot or securityContext/runAsUser != 0`;
      case 'MustRunAs':
        if (user === undefined) {
          return `Container ${name} is attempting to run without a required securityContext/runAsUser`;
        }
        return wanted.ranges?.some(({ min, max }) => user >= min && user <= max)
          ? undefined
          : `Container ${name} is attempting to run as disallowed user ${user}. Allowed runAsUser: ${formatRego(
              wanted,
            )}`;
      default:
        return undefined;
    }
  },
);

const hostFilesystem: ConstraintRule = (
  { object, operation },
  { allowedHostPaths = [] },
) =>
  operation === 'UPDATE'
    ? []
    : ((object.spec?.volumes ?? []) as { hostPath?: { path: string } }[])
        .filter(
          ({ hostPath }) =>
            hostPath &&
            !(allowedHostPaths as { pathPrefix: string }[]).some(
              ({ pathPrefix }) =>
                hostPath.path === pathPrefix ||
                hostPath.path.startsWith(`${pathPrefix.replace(/\/$/, '')}/`),
            ),
        )
        .map(
          volume =>
            `HostPath volume ${formatRego(volume)} is not allowed, pod: ${
              object.metadata.name
            }. Allowed path: ${formatRego(allowedHostPaths)}`,
        );

const hostNamespace: ConstraintRule = ({ object, operation }) =>
  operation !== 'UPDATE' && (object.spec?.hostPID || object.spec?.hostIPC)
    ? [`Sharing the host namespace is not allowed: ${object.metadata.name}`]
    : [];

/** The rules of the library that stand in for pod security policies. @internal */
export const podSecurityRules: Readonly<Record<string, ConstraintRule>> = {
  K8sPSPPrivilegedContainer: privileged,
  K8sPSPAllowPrivilegeEscalationContainer: privilegeEscalation,
  K8sPSPAllowedUsers: allowedUsers,
  K8sPSPHostFilesystem: hostFilesystem,
  K8sPSPHostNamespace: hostNamespace,
};
