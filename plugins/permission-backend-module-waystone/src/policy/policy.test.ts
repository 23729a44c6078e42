import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mockServices } from '@backstage/backend-test-utils';
import { createPermission } from '@backstage/plugin-permission-common';
import type { Permission } from '@backstage/plugin-permission-common';
import { decide } from '../decide';
import { compilePolicy } from './compilePolicy';
import { explainPermission } from './explainPermission';
import { parsePolicy } from './parsePolicy';
import { PolicyFile } from './PolicyFile';

const POLICY = `version: 1
roles:
  - name: lead
    members: [group:default/Leads]
    reads: allow
    others: allow
    permissions:
      a.secret.read: deny
  - name: member
    members: everybody
    reads: allow
    permissions:
      a.secret.read: deny
      infrastructure.request.create:
        - { verdict: if-own-infrastructure, environments: [development] }
        - verdict: if-approver
      infrastructure.request.update:
        verdict: allow
        environments: [development, staging]
      catalog.entity.delete: { verdict: if-owner, environments: [staging] }
`;

const request = (action: string) =>
  createPermission({
    name: `infrastructure.request.${action}`,
    attributes: {},
    resourceType: 'infrastructure-request',
  });

const asker = {
  userEntityRef: 'user:default/maya',
  ownershipEntityRefs: ['user:default/maya', 'group:default/orders'],
};

const mistakesIn = (text: string): string => {
  try {
    parsePolicy(text, 'policy.yaml');
    return 'none';
  } catch (error) {
    return String(error);
  }
};

describe('a role that extends another one', () => {
  const text = (base: string) => `version: 1
roles:
  - name: security
    members: [group:default/security]
    extends: ${base}
    permissions:
      a.secret.read: allow
  - name: member
    members: everybody
    reads: allow
    permissions:
      a.secret.read: if-owner
      b.write: if-own-task
`;
  const permission = (name: string, action?: 'read') =>
    createPermission({ name, attributes: { action } });

  it('should take from it what it does not say itself', () => {
    const { roleOf } = compilePolicy(parsePolicy(text('member'), 'p.yaml'), {});
    const security = roleOf(['group:default/security'])!;
    expect([
      security.clausesFor(permission('a.secret.read', 'read')),
      security.clausesFor(permission('b.write')),
      security.clausesFor(permission('other.read', 'read')),
      security.clausesFor(permission('other.write')),
    ]).toEqual([
      [{ verdict: 'allow' }],
      [{ verdict: 'if-own-task' }],
      [{ verdict: 'allow' }],
      [{ verdict: 'deny' }],
    ]);
  });

  it.each([
    ['nobody', "line 5, roles.0.extends: there is no role 'nobody'"],
    ['security', "'security' extends a role itself"],
  ])('should not extend %s', (base, words) => {
    expect(mistakesIn(text(base))).toContain(words);
  });
});

describe('parsePolicy', () => {
  it('should name every mistake with its line and its place', () => {
    const message = mistakesIn(`version: 1
roles:
  - name: lead
    members: [leads, group:default/a]
    others: perhaps
    permissions:
      a.read: if-mine
      b.read:
        verdict: allow
        environment: [staging]
      "c read": allow
  - name: lead
    members: everybody
    colour: red
  - name: last
`);
    for (const mistake of [
      /line 4, roles\.0\.members\.0: expected the full entity ref/,
      /line 5, roles\.0\.others: /,
      /line 7, roles\.0\.permissions\.a\.read: there is no verdict 'if-mine'; expected one of allow, deny/,
      /line 10, roles\.0\.permissions\.b\.read\.environment: there is no 'environment' here/,
      /line 11, roles\.0\.permissions\.c read: expected the name of a permission/,
      /line 14, roles\.1\.colour: there is no 'colour' here/,
      /line 15, roles\.2\.members: expected a list of users and groups/,
    ]) {
      expect(message).toMatch(mistake);
    }
  });

  it('should refuse roles that nobody can have, or that are there twice', () => {
    expect(
      mistakesIn(
        'version: 1\nroles:\n- {name: a, members: everybody}\n- {name: a, members: []}\n',
      ),
    ).toMatch(
      /line 3, roles\.0\.members: everybody is a 'a'[\s\S]*line 4, roles\.1\.name: there are two roles 'a'/,
    );
  });

  it.each([
    ['no YAML', 'a: b: c', /line 1: /],
    ['a key twice', 'version: 1\nversion: 2\nroles: []', /line 2: .*unique/],
    ['nothing', '', /line 1, document/],
    ['another version', 'version: 2\nroles: []', /line 1, version/],
  ])('should say what is wrong with %s', (_what, text, message) => {
    expect(mistakesIn(text)).toMatch(message);
  });
});

describe('a policy', () => {
  const policy = compilePolicy(parsePolicy(POLICY, 'policy.yaml'), {
    lead: ['user:default/tom'],
  });
  const decideFor = (permission: Permission) =>
    decide(
      permission,
      policy.roleOf(asker.ownershipEntityRefs)!.clausesFor(permission),
      asker,
    );

  it('should give somebody the first role that is hers', () => {
    expect(policy.roleOf(['GROUP:default/leads'])?.name).toBe('lead');
    expect(policy.roleOf(['user:default/tom'])?.name).toBe('lead');
    expect(policy.roleOf(['user:default/maya'])?.name).toBe('member');
  });

  it('should refuse to add somebody to a role that there is not', () => {
    expect(() =>
      compilePolicy(parsePolicy(POLICY, 'policy.yaml'), { boss: ['user:x/y'] }),
    ).toThrow(/the role 'boss'/);
  });

  it('should limit what may be done to some environments', () => {
    const inEnvironment = (...environments: string[]) => ({
      rule: 'IN_ENVIRONMENT',
      resourceType: 'infrastructure-request',
      params: { environments },
    });
    expect(decideFor(request('create'))).toMatchObject({
      result: 'CONDITIONAL',
      pluginId: 'infrastructure',
      conditions: {
        anyOf: [
          {
            allOf: [
              {
                rule: 'IS_OWNER',
                params: { claims: asker.ownershipEntityRefs },
              },
              inEnvironment('development'),
            ],
          },
          { rule: 'IS_APPROVER' },
        ],
      },
    });
    expect(decideFor(request('update'))).toMatchObject({
      result: 'CONDITIONAL',
      conditions: inEnvironment('development', 'staging'),
    });
  });

  it('should deny what cannot be limited to an environment', () => {
    const permission = createPermission({
      name: 'catalog.entity.delete',
      attributes: { action: 'delete' },
      resourceType: 'catalog-entity',
    });
    expect(decideFor(permission)).toEqual({ result: 'DENY' });
  });

  it('should explain what holds, and who has what one has not', () => {
    const permission = createPermission({
      name: 'x.y.delete',
      attributes: { action: 'delete' },
    });
    expect(
      explainPermission(policy, permission, asker.ownershipEntityRefs),
    ).toEqual({
      permission: 'x.y.delete',
      role: 'member',
      clauses: [{ verdict: 'deny' }],
      askWhom: ['group:default/leads', 'user:default/tom'],
      roles: [
        { name: 'lead', clauses: [{ verdict: 'allow' }] },
        { name: 'member', clauses: [{ verdict: 'deny' }] },
      ],
    });
  });

  it('should name those whom the policy wants to be asked, the nearest name first', () => {
    const asking = (ask: string) =>
      compilePolicy(parsePolicy(`${POLICY}\nask:\n${ask}`, 'policy.yaml'), {
        lead: ['user:default/tom'],
      }).helpersFor(
        createPermission({
          name: 'x.y.delete',
          attributes: { action: 'delete' },
        }),
      );
    expect(asking('  x.*: [user:default/Ada]\n  z.*: [lead]')).toEqual([
      'user:default/ada',
    ]);
    expect(asking('  x.*: [user:default/ada]\n  x.y.delete: [lead]')).toEqual([
      'group:default/leads',
      'user:default/tom',
    ]);
    expect(() => asking('  x.*: [boss]')).toThrow(
      /line \d+, ask\.x\.\*\.0: there is no role 'boss'/,
    );
  });
});

describe('PolicyFile', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'policy-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('should read a changed file again, and keep the last policy when it is broken', async () => {
    const path = join(folder, 'policy.yaml');
    const logger = mockServices.logger.mock();
    await writeFile(path, POLICY);
    const file = await PolicyFile.read({ path, added: {}, logger });
    const changed = jest.fn();
    const unwatch = file.watch(changed, { intervalMs: 10 });
    /** As editors and mounted ConfigMaps do. */
    const replace = async (text: string) => {
      await writeFile(`${path}.new`, text);
      await rename(`${path}.new`, path);
    };
    const until = async (done: () => boolean) => {
      while (!done()) {
        await new Promise(resolve => setTimeout(resolve, 10));
      }
    };
    try {
      await replace(POLICY.replace('name: lead', 'name: [lead'));
      await until(() => logger.error.mock.calls.length > 0);
      expect(String(logger.error.mock.calls[0][1])).toMatch(/line \d+/);
      expect(file.policy.roles[0].name).toBe('lead');

      await replace(POLICY.replace('name: lead', 'name: boss'));
      await until(() => changed.mock.calls.length > 0);
      expect(file.policy.roles[0].name).toBe('boss');
    } finally {
      unwatch();
    }
  });

  it('should not start without a policy', async () => {
    await expect(
      PolicyFile.read({
        path: join(folder, 'none.yaml'),
        added: {},
        logger: mockServices.logger.mock(),
      }),
    ).rejects.toThrow(/none\.yaml/);
  });
});
