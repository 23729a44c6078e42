import {
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import { ConfigReader } from '@backstage/config';
import { catalogPermissions } from '@backstage/plugin-catalog-common/alpha';
import {
  AuthorizeResult,
  createPermission,
  type Permission,
} from '@backstage/plugin-permission-common';
import { policyExtensionPoint } from '@backstage/plugin-permission-node/alpha';
import type { PermissionPolicy } from '@backstage/plugin-permission-node';
import permissionModuleWaystone from './index';
import { readPolicySettings } from './policy/readPolicySettings';

const PEOPLE = {
  platform: ['user:default/tomas.herrera', 'group:default/platform'],
  auditor: ['user:default/david.mensah', 'group:default/security'],
  'auditor in platform': ['user:default/audrey', 'group:default/platform'],
  member: ['user:default/maya.okafor', 'group:default/orders'],
};

const config = {
  waystone: {
    permissions: {
      platformGroups: ['Group:default/Platform'],
      auditors: ['user:default/david.mensah', 'user:default/audrey'],
    },
  },
};

async function startPolicy(
  getUserInfo: (ref: string) => Promise<{
    userEntityRef: string;
    ownershipEntityRefs: string[];
  }>,
): Promise<PermissionPolicy> {
  let policy: PermissionPolicy | undefined;
  await startTestBackend({
    features: [
      permissionModuleWaystone,
      mockServices.rootConfig.factory({ data: config }),
      mockServices.userInfo.mock({
        getUserInfo: async credentials =>
          getUserInfo(
            (credentials.principal as { userEntityRef: string }).userEntityRef,
          ),
      }).factory,
    ],
    extensionPoints: [
      [policyExtensionPoint, { setPolicy: value => (policy = value) }],
    ],
  });
  return policy!;
}

const policyForPeople = () =>
  startPolicy(async userEntityRef => ({
    userEntityRef,
    ownershipEntityRefs:
      Object.values(PEOPLE).find(([ref]) => ref === userEntityRef) ?? [],
  }));

const user = (ref: string) => ({
  credentials: mockCredentials.user(ref),
  info: { userEntityRef: ref, ownershipEntityRefs: [] },
});

const resource = (
  name: string,
  resourceType: string,
  action?: 'read',
): Permission =>
  createPermission({ name, attributes: { action }, resourceType });
const basic = (
  name: string,
  action?: 'create' | 'read' | 'update' | 'delete',
): Permission => createPermission({ name, attributes: { action } });

const catalog = Object.fromEntries(catalogPermissions.map(p => [p.name, p]));

type Expected =
  | 'allow'
  | 'deny'
  | 'owned'
  | 'own task'
  | 'own infrastructure'
  | 'approver';

// Permission, then what platform, auditor and member get.
const MATRIX: [Permission, Expected, Expected, Expected][] = [
  [catalog['catalog.entity.read'], 'allow', 'allow', 'allow'],
  [catalog['catalog.entity.create'], 'allow', 'deny', 'allow'],
  [catalog['catalog.entity.refresh'], 'allow', 'deny', 'allow'],
  [catalog['catalog.entity.validate'], 'allow', 'deny', 'allow'],
  [catalog['catalog.entity.delete'], 'allow', 'deny', 'owned'],
  [catalog['catalog.location.read'], 'allow', 'allow', 'allow'],
  [catalog['catalog.location.create'], 'allow', 'deny', 'allow'],
  [catalog['catalog.location.analyze'], 'allow', 'deny', 'allow'],
  [catalog['catalog.location.delete'], 'allow', 'deny', 'deny'],
  [catalog['catalog.ingestion.read'], 'allow', 'allow', 'allow'],
  [catalog['catalog.ingestion.manage'], 'allow', 'deny', 'deny'],
  [basic('catalog.problem.read', 'read'), 'allow', 'allow', 'deny'],
  [basic('catalog.history.deleted.read', 'read'), 'allow', 'allow', 'deny'],
  [resource('catalog.problem.fix', 'catalog-entity'), 'allow', 'deny', 'owned'],
  [basic('audit.event.read', 'read'), 'allow', 'allow', 'deny'],
  [
    resource('audit.entity.read', 'catalog-entity', 'read'),
    'allow',
    'allow',
    'owned',
  ],
  [basic('scaffolder.task.create', 'create'), 'allow', 'deny', 'allow'],
  [
    resource('scaffolder.task.read', 'scaffolder-task', 'read'),
    'allow',
    'allow',
    'own task',
  ],
  [
    resource('scaffolder.task.cancel', 'scaffolder-task'),
    'allow',
    'deny',
    'own task',
  ],
  [
    resource('scaffolder.action.execute', 'scaffolder-action'),
    'allow',
    'deny',
    'allow',
  ],
  [
    resource('scaffolder.template.step.read', 'scaffolder-template', 'read'),
    'allow',
    'allow',
    'allow',
  ],
  [basic('scaffolder.template.dry-run'), 'allow', 'deny', 'allow'],
  [basic('scaffolder.template.management'), 'allow', 'deny', 'deny'],
  [basic('kubernetes.clusters.read', 'read'), 'allow', 'allow', 'allow'],
  [basic('kubernetes.resources.read', 'read'), 'allow', 'allow', 'allow'],
  [basic('kubernetes.proxy'), 'allow', 'allow', 'allow'],
  [basic('kubernetes.proxy.any'), 'allow', 'deny', 'deny'],
  [basic('infrastructure.offering.read', 'read'), 'allow', 'allow', 'allow'],
  [
    resource('infrastructure.request.read', 'infrastructure-request', 'read'),
    'allow',
    'allow',
    'allow',
  ],
  ...['create', 'update', 'delete'].map((action): (typeof MATRIX)[number] => [
    resource(`infrastructure.request.${action}`, 'infrastructure-request'),
    'allow',
    'deny',
    'own infrastructure',
  ]),
  [
    resource('infrastructure.request.approve', 'infrastructure-request'),
    'allow',
    'deny',
    'approver',
  ],
  // Not even the platform team reads the passwords of others
  [
    resource('infrastructure.request.reveal', 'infrastructure-request'),
    'own infrastructure',
    'deny',
    'own infrastructure',
  ],
  // As the browser asks whether to show a page: by name only
  [basic('audit.event.read'), 'allow', 'allow', 'deny'],
  [basic('platform-health.system.read'), 'allow', 'allow', 'deny'],
  [basic('catalog.history.deleted.read'), 'allow', 'allow', 'deny'],
  // Unknown ones
  [basic('something.new.read', 'read'), 'allow', 'allow', 'allow'],
  [basic('something.new.create', 'create'), 'allow', 'deny', 'deny'],
  [basic('something.new.update', 'update'), 'allow', 'deny', 'deny'],
  [basic('something.new.delete', 'delete'), 'allow', 'deny', 'deny'],
  [basic('something.new.do'), 'allow', 'deny', 'deny'],
  [basic('constructor'), 'allow', 'deny', 'deny'],
  // Names that are known, with a type that the rule cannot judge
  [basic('catalog.entity.delete', 'delete'), 'allow', 'deny', 'deny'],
  [basic('scaffolder.task.read', 'read'), 'allow', 'allow', 'deny'],
  // Names are compared exactly
  [basic('Kubernetes.Proxy'), 'allow', 'deny', 'deny'],
  [basic('CATALOG.LOCATION.CREATE', 'create'), 'allow', 'deny', 'deny'],
];

describe('WaystonePermissionPolicy', () => {
  it('should cover every permission of the catalog', () => {
    const covered = MATRIX.map(([{ name }]) => name);
    for (const { name } of catalogPermissions) {
      expect(covered).toContain(name);
    }
  });

  it('should decide by role', async () => {
    const policy = await policyForPeople();
    const decide = async (role: keyof typeof PEOPLE, permission: Permission) =>
      policy.handle({ permission }, user(PEOPLE[role][0]));

    for (const [permission, platform, auditor, member] of MATRIX) {
      const expected = { platform, auditor, member };
      for (const role of ['platform', 'auditor', 'member'] as const) {
        const decision = await decide(role, permission);
        expect([permission.name, role, decision]).toEqual([
          permission.name,
          role,
          decisionFor(expected[role], PEOPLE[role]),
        ]);
      }
      // Being an auditor takes precedence
      expect(await decide('auditor in platform', permission)).toEqual(
        decisionFor(auditor, []),
      );
    }
  });

  it('should deny when it cannot tell who is asking', async () => {
    const permission = catalog['catalog.entity.read'];
    const deny = { result: AuthorizeResult.DENY };

    const policy = await policyForPeople();
    expect(await policy.handle({ permission })).toEqual(deny);
    expect(
      await policy.handle({ permission }, user('user:default/stranger')),
    ).toEqual(deny);

    const broken = await startPolicy(async () => {
      throw new Error('auth is down');
    });
    expect(
      await broken.handle({ permission }, user(PEOPLE.platform[0])),
    ).toEqual(deny);
  });
});

describe('readPolicySettings', () => {
  it('should explain what is wrong with a ref', () => {
    const read = (permissions: object) => () =>
      readPolicySettings(new ConfigReader({ waystone: { permissions } }));

    expect(read({})().added).toEqual({ platform: [], auditor: [] });
    expect(
      read({
        platformGroups: ['Group:default/Platform'],
        members: { auditor: ['user:default/a'], lead: ['group:default/b'] },
      })().added,
    ).toEqual({
      platform: ['group:default/platform'],
      auditor: ['user:default/a'],
      lead: ['group:default/b'],
    });
    expect(read({ platformGroups: ['platform'] })).toThrow(
      "Invalid config 'waystone.permissions.platformGroups': expected full entity refs such as 'group:default/name', got 'platform'",
    );
    expect(read({ platformGroups: ['user:default/tomas'] })).toThrow(
      'waystone.permissions.platformGroups',
    );
    expect(read({ auditors: ['group:default'] })).toThrow(
      'waystone.permissions.auditors',
    );
    expect(read({ members: { lead: ['b'] } })).toThrow(
      'waystone.permissions.members.lead',
    );
  });
});

function decisionFor(expected: Expected, refs: string[]) {
  switch (expected) {
    case 'allow':
      return { result: AuthorizeResult.ALLOW };
    case 'owned':
      return {
        result: AuthorizeResult.CONDITIONAL,
        pluginId: 'catalog',
        resourceType: 'catalog-entity',
        conditions: {
          rule: 'IS_ENTITY_OWNER',
          resourceType: 'catalog-entity',
          params: { claims: refs },
        },
      };
    case 'own task':
      return {
        result: AuthorizeResult.CONDITIONAL,
        pluginId: 'scaffolder',
        resourceType: 'scaffolder-task',
        conditions: {
          rule: 'IS_TASK_OWNER',
          resourceType: 'scaffolder-task',
          params: { createdBy: [refs[0]] },
        },
      };
    case 'own infrastructure':
    case 'approver':
      return {
        result: AuthorizeResult.CONDITIONAL,
        pluginId: 'infrastructure',
        resourceType: 'infrastructure-request',
        conditions: {
          rule: expected === 'approver' ? 'IS_APPROVER' : 'IS_OWNER',
          resourceType: 'infrastructure-request',
          params: { claims: refs },
        },
      };
    default:
      return { result: AuthorizeResult.DENY };
  }
}
