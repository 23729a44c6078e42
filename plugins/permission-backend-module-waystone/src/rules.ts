import type { Permission } from '@backstage/plugin-permission-common';
import type { Role } from './roles';

/**
 * The answer to a permission.
 *
 * `if-owner`: for catalog entities that one owns. `if-own-task`: for scaffolder
 * tasks that one started.
 *
 * @public
 */
export type Verdict = 'allow' | 'deny' | 'if-owner' | 'if-own-task';

/**
 * What members may do. Reads that are not listed are allowed, everything else
 * that is not listed is denied, see {@link verdictFor}.
 *
 * @public
 */
export const memberRules: Readonly<Record<string, Verdict>> = {
  // Registering and refreshing. Which kinds a location may bring and which hosts
  // it may point to is decided by catalog.rules and backend.reading.
  'catalog.entity.create': 'allow',
  'catalog.entity.refresh': 'allow',
  'catalog.entity.validate': 'allow',
  'catalog.location.create': 'allow',
  'catalog.location.analyze': 'allow',
  'catalog.entity.delete': 'if-owner',
  // Everybody's; those of what one owns need no permission.
  'catalog.problem.read': 'deny',
  // Who might have seen an entity that is gone is not known any more.
  'catalog.history.deleted.read': 'deny',
  'catalog.problem.fix': 'if-owner',
  // One location may bring the entities of several teams.
  'catalog.location.delete': 'deny',

  // Golden paths
  'scaffolder.task.create': 'allow',
  'scaffolder.action.execute': 'allow',
  'scaffolder.task.read': 'if-own-task',
  'scaffolder.task.cancel': 'if-own-task',
  // Runs any template that is sent along, not only the published ones.
  'scaffolder.template.dry-run': 'deny',
  'scaffolder.template.management': 'deny',

  // Only pods' logs and events: kubernetes-backend-module-waystone asks for more than this for anything else.
  'kubernetes.proxy': 'allow',
  'kubernetes.proxy.any': 'deny',

  // Addresses and errors of the systems behind the portal are the platform team's business.
  'platform-health.system.read': 'deny',
};

/**
 * What a role may do with a permission.
 *
 * @internal
 */
export function verdictFor(role: Role, permission: Permission): Verdict {
  const readOnly = permission.attributes.action === 'read';
  switch (role) {
    case 'platform':
      return 'allow';
    case 'auditor':
      return readOnly || permission.name === 'kubernetes.proxy'
        ? 'allow'
        : 'deny';
    case 'member':
      return Object.hasOwn(memberRules, permission.name)
        ? memberRules[permission.name]
        : (readOnly && 'allow') || 'deny';
    default:
      return 'deny';
  }
}
