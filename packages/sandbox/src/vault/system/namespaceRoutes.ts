import { readTextMap } from '../fields';
import { answerKeys } from '../VaultBackend';
import type { BackendRoute } from '../VaultBackend';
import { invalidRequest } from '../VaultError';
import type { VaultCore } from '../VaultCore';
import type { NamespaceRecord } from '../VaultState';

/** Namespaces below the one that is asked. */
export function createNamespaceRoutes(
  core: VaultCore,
  parent: string,
): BackendRoute[] {
  const children = () =>
    Object.entries(core.state.data.namespaces).filter(
      ([name]) =>
        name !== parent &&
        name.startsWith(parent) &&
        name.slice(parent.length).split('/').length === 2,
    );
  return [
    {
      pattern: /^namespaces\/?$/,
      operations: {
        list: () =>
          answerKeys(
            children()
              .map(([name]) => name.slice(parent.length))
              .sort(),
            Object.fromEntries(
              children().map(([name, record]) => [
                name.slice(parent.length),
                describe(name, record),
              ]),
            ),
          ),
      },
    },
    {
      pattern: /^namespaces\/([^/]+)\/?$/,
      operations: {
        read: (_request, part) => {
          const name = `${parent}${part}/`;
          const record = core.namespace(name);
          return record && { data: describe(name, record) };
        },
        update: ({ fields }, part) => {
          if (['root', 'sys', 'auth', 'cubbyhole', 'identity'].includes(part)) {
            throw invalidRequest(
              `"${part}/" is a reserved path and cannot be used as a namespace name`,
            );
          }
          const name = `${parent}${part}/`;
          const conflict = Object.keys(core.namespace(parent)!.mounts).find(
            mount => mount.startsWith(`${part}/`),
          );
          if (conflict) {
            throw invalidRequest(
              `new namespace conflicts with existing mount: ${conflict}`,
            );
          }
          const record = core.namespace(name) ?? core.createNamespace(name);
          record.customMetadata =
            readTextMap(fields, 'custom_metadata') ?? record.customMetadata;
          return { data: describe(name, record) };
        },
        delete: async (_request, part) => {
          const name = `${parent}${part}/`;
          if (!core.namespace(name)) {
            return { warnings: ['requested namespace does not exist'] };
          }
          const below = Object.keys(core.state.data.namespaces).some(
            other => other !== name && other.startsWith(name),
          );
          if (below) {
            throw invalidRequest(
              `cannot delete namespace "${name}" containing child namespaces`,
            );
          }
          await core.deleteNamespace(name);
          return { data: { status: 'in-progress' } };
        },
      },
    },
  ];
}

function describe(name: string, record: NamespaceRecord) {
  return {
    custom_metadata: record.customMetadata,
    id: record.id,
    locked: false,
    path: name,
    tainted: false,
    uuid: record.uuid,
  };
}
