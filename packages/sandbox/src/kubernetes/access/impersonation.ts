import type { IncomingHttpHeaders } from 'node:http';
import type { ClusterUser } from '../KubernetesCluster';
import { badRequest } from '../write/statusErrors';
import type { Authorizer } from './Authorizer';
import { checkAccess } from './checkAccess';
import { serviceAccountUser } from './ServiceAccountTokens';

const SERVICE_ACCOUNT = /^system:serviceaccount:([^:]+):([^:]+)$/;

/**
 * Whom a user acts as, by the `Impersonate-…` headers.
 *
 * @throws StatusError 403 if the user may not
 */
export function readImpersonation(
  headers: IncomingHttpHeaders,
  user: ClusterUser,
  authorizer: Authorizer,
): ClusterUser {
  const name = single(headers['impersonate-user']);
  const groups = splitHeader(headers['impersonate-group']);
  const uid = single(headers['impersonate-uid']);
  if (name === undefined) {
    if (groups.length > 0 || uid !== undefined) {
      throw badRequest(
        `requested ${JSON.stringify(groups)} without impersonating a user`,
      );
    }
    return user;
  }
  const account = SERVICE_ACCOUNT.exec(name);
  checkAccess(
    authorizer,
    user,
    account
      ? {
          verb: 'impersonate',
          resource: 'serviceaccounts',
          namespace: account[1],
          name: account[2],
        }
      : { verb: 'impersonate', resource: 'users', name },
  );
  for (const group of groups) {
    checkAccess(authorizer, user, {
      verb: 'impersonate',
      resource: 'groups',
      name: group,
    });
  }
  if (uid !== undefined) {
    checkAccess(authorizer, user, {
      verb: 'impersonate',
      group: 'authentication.k8s.io',
      resource: 'uids',
      name: uid,
    });
  }
  const implied = account
    ? serviceAccountUser(account[1], account[2]).groups
    : ['system:authenticated'];
  return {
    name,
    groups:
      groups.length === 0
        ? implied
        : [...new Set([...groups, 'system:authenticated'])],
    ...(uid !== undefined && { uid }),
  };
}

function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

/** Node joins headers that come more than once with a comma. */
function splitHeader(value: string | string[] | undefined): string[] {
  return (Array.isArray(value) ? value : (value ?? '').split(','))
    .map(part => part.trim())
    .filter(part => part !== '');
}
