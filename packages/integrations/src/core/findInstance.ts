import { NotFoundError } from '@backstage/errors';

/**
 * The client of an instance by its name in the configuration.
 *
 * @param system - for people, such as `Argo CD`
 * @param key - of the instances in the configuration, such as `waystone.integrations.argocd.instances`
 * @throws NotFoundError that names the instances that there are.
 *
 * @internal
 */
export function findInstance<T extends { readonly instance: string }>(
  clients: readonly T[],
  instance: string,
  { system, key }: { readonly system: string; readonly key: string },
): T {
  const client = clients.find(item => item.instance === instance);
  if (!client) {
    throw new NotFoundError(
      `No ${system} '${instance}' in '${key}'; there are: ${
        clients.map(item => item.instance).join(', ') || 'none'
      }`,
    );
  }
  return client;
}
