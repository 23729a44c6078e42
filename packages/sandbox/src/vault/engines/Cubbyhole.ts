import { answerKeys } from '../VaultBackend';
import type {
  BackendRequest,
  BackendRoute,
  VaultBackend,
} from '../VaultBackend';
import { invalidRequest } from '../VaultError';
import { listFolder } from './listFolder';

/**
 * What each token keeps for itself. It ends with the token.
 *
 * @internal
 */
export class Cubbyhole implements VaultBackend {
  readonly routes: readonly BackendRoute[];

  constructor(changed: () => void) {
    this.routes = [
      {
        pattern: /^(.*)$/,
        exists: (request, path) => Object.hasOwn(open(request), path),
        operations: {
          list: (request, path) =>
            answerKeys(
              listFolder(Object.keys(open(request)), path, request.fields),
            ),
          read: (request, path) => {
            const own = open(request);
            return Object.hasOwn(own, path) ? { data: own[path] } : undefined;
          },
          update: (request, path) => {
            if (Object.keys(request.fields).length === 0) {
              throw invalidRequest('missing data fields');
            }
            open(request)[path] = structuredClone({ ...request.fields });
            changed();
            return undefined;
          },
          delete: (request, path) => {
            delete open(request)[path];
            changed();
            return undefined;
          },
        },
      },
    ];
  }
}

function open({
  token,
}: BackendRequest): Record<string, Record<string, unknown>> {
  const holder = token!;
  holder.cubbyhole ??= {};
  return holder.cubbyhole;
}
