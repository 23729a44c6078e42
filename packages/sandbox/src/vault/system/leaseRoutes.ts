import { listFolder } from '../engines/listFolder';
import { readSeconds, readText } from '../fields';
import { answerKeys } from '../VaultBackend';
import type {
  BackendAnswer,
  BackendRequest,
  BackendRoute,
} from '../VaultBackend';
import { invalidRequest } from '../VaultError';
import type { VaultCore } from '../VaultCore';
import type { LeaseRecord } from '../VaultState';

/** Leases: look at, lengthen and end them. */
export function createLeaseRoutes(
  core: VaultCore,
  namespace: string,
): BackendRoute[] {
  const find = (id: string): LeaseRecord | undefined => {
    const lease = core.leases.find(id);
    return lease?.namespace === namespace ? lease : undefined;
  };
  const idOf = ({ fields }: BackendRequest, part: string): string => {
    const id = part || readText(fields, 'lease_id');
    if (!id) {
      throw invalidRequest('lease_id must be specified');
    }
    return id;
  };
  const below = (prefix: string) =>
    core.leases.all(namespace).filter(lease => lease.id.startsWith(prefix));

  return [
    {
      pattern: /^leases\/lookup$/,
      operations: {
        update: request => {
          const lease = find(idOf(request, ''));
          if (!lease) {
            throw invalidRequest('invalid lease');
          }
          return describe(lease);
        },
      },
    },
    {
      pattern: /^leases\/lookup\/(.*)$/,
      sudo: true,
      operations: {
        list: ({ fields }, prefix) =>
          answerKeys(
            listFolder(
              core.leases.all(namespace).map(lease => lease.id),
              prefix,
              fields,
            ),
          ),
      },
    },
    {
      pattern: /^(?:leases\/)?renew(?:\/(.+))?$/,
      operations: {
        update: async (request, part) => {
          const lease = find(idOf(request, part));
          if (!lease) {
            throw invalidRequest('lease not found');
          }
          await core.leases.renew(
            lease,
            readSeconds(request.fields, 'increment') ?? 0,
          );
          return { renewed: lease };
        },
      },
    },
    {
      pattern: /^(?:leases\/)?revoke(?:\/(.+))?$/,
      operations: {
        update: async (request, part) => {
          const lease = find(idOf(request, part));
          if (lease) {
            await core.leases.revoke(lease);
          }
          return undefined;
        },
      },
    },
    {
      pattern: /^(?:leases\/)?revoke-prefix\/(.+)$/,
      sudo: true,
      operations: {
        update: async (_request, prefix) => {
          for (const lease of below(`${prefix.replace(/\/+$/, '')}/`)) {
            await core.leases.revoke(lease);
          }
          core.tokens
            .all()
            .filter(
              token =>
                token.namespace === namespace && token.path.startsWith(prefix),
            )
            .filter(token => token.path !== 'auth/token/root')
            .forEach(token => core.tokens.revoke(token.accessor));
          return undefined;
        },
      },
    },
    {
      pattern: /^(?:leases\/)?revoke-force\/(.+)$/,
      sudo: true,
      operations: {
        update: async (_request, prefix) => {
          for (const lease of below(`${prefix.replace(/\/+$/, '')}/`)) {
            // Forced: what cannot be taken back is forgotten all the same.
            await core.leases.revoke(lease).catch(() => {
              core.leases.forget(lease);
            });
          }
          return undefined;
        },
      },
    },
  ];
}

function describe(lease: LeaseRecord): BackendAnswer {
  return {
    data: {
      expire_time: new Date(lease.expiresAt).toISOString(),
      id: lease.id,
      issue_time: new Date(lease.issuedAt).toISOString(),
      last_renewal: lease.renewedAt
        ? new Date(lease.renewedAt).toISOString()
        : null,
      path: lease.id.slice(0, lease.id.lastIndexOf('/')),
      renewable: lease.renewable,
      ttl: Math.max(0, Math.round((lease.expiresAt - Date.now()) / 1000)),
    },
  };
}
