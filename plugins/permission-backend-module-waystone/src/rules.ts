import type { Permission } from '@backstage/plugin-permission-common';
import type { Role } from './roles';

/**
 * The answer to a permission.
 *
 * `if-owner`: for catalog entities that one owns. `if-own-task`: for scaffolder
 * tasks that one started. `if-own-infrastructure`: for infrastructure of one's
 * teams. `if-approver`: for infrastructure that waits for one's approval.
 *
 * @public
 */
export type Verdict =
  | 'allow'
  | 'deny'
  | 'if-owner'
  | 'if-own-task'
  | 'if-own-infrastructure'
  | 'if-approver';

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

  // What others do is the auditors' business; owners see what was done to what is theirs.
  'audit.event.read': 'deny',
  'audit.entity.read': 'if-owner',

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

  // Infrastructure on request: who has what is no secret, its connection is.
  'infrastructure.request.create': 'if-own-infrastructure',
  'infrastructure.request.update': 'if-own-infrastructure',
  'infrastructure.request.approve': 'if-approver',
  'infrastructure.request.reveal': 'if-own-infrastructure',
  'infrastructure.request.delete': 'if-own-infrastructure',

  // Addresses and errors of the systems behind the portal are the platform team's business.
  'platform-health.system.read': 'deny',
};

/**
 * What the platform team may not do although it may do everything else.
 *
 * @internal
 */
export const platformRules: Readonly<Record<string, Verdict>> = {
  // Passwords are for those who work with the database.
  'infrastructure.request.reveal': 'if-own-infrastructure',
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
      return Object.hasOwn(platformRules, permission.name)
        ? platformRules[permission.name]
        : 'allow';
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
