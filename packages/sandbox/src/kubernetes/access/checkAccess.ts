import type { ClusterUser } from '../KubernetesCluster';
import { StatusError } from '../StatusError';
import type { AccessAttributes, Authorizer } from './Authorizer';

/** @throws StatusError 403 in the words of the API server */
export function checkAccess(
  authorizer: Authorizer,
  user: ClusterUser,
  attributes: AccessAttributes,
): void {
  const decision = authorizer.decide(user, attributes);
  if (decision.allowed) {
    return;
  }
  const suffix =
    decision.evaluationErrors.length > 0
      ? `: RBAC: ${formatErrors(decision.evaluationErrors)}`
      : '';
  if (attributes.path !== undefined) {
    throw new StatusError({
      code: 403,
      reason: 'Forbidden',
      message: `forbidden: User "${user.name}" cannot ${attributes.verb} path "${attributes.path}"${suffix}`,
      details: {},
    });
  }
  const { verb, group = '', resource = '', subresource } = attributes;
  const groupResource = group ? `${resource}.${group}` : resource;
  const resourcePath = subresource ? `${resource}/${subresource}` : resource;
  const place = attributes.namespace
    ? `in the namespace "${attributes.namespace}"`
    : 'at the cluster scope';
  throw new StatusError({
    code: 403,
    reason: 'Forbidden',
    message: `${groupResource}${
      attributes.name ? ` "${attributes.name}"` : ''
    } is forbidden: User "${
      user.name
    }" cannot ${verb} resource "${resourcePath}" in API group "${group}" ${place}${suffix}`,
    details: {
      ...(attributes.name && { name: attributes.name }),
      ...(group && { group }),
      kind: resource,
    },
  });
}

/** Errors as Go prints a list of them. */
export function formatErrors(errors: readonly string[]): string {
  return errors.length === 1 ? errors[0] : `[${errors.join(', ')}]`;
}
