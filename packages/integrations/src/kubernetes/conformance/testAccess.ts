import { eventually } from '../../testUtils/eventually';
import { CONFIG_MAP, errorOf } from './ClusterSuite';
import type { ClusterSuite } from './ClusterSuite';

/** Who may do what. */
export function testAccess(suite: ClusterSuite): void {
  const { configMap, ref, namespace } = suite;

  it('says its version and takes the credentials', async () => {
    await expect(suite.client.version()).resolves.toMatch(/^v\d+\.\d+/);
    await expect(suite.client.upstream.probe()).resolves.toEqual({
      version: expect.stringMatching(/^v/),
      authenticated: true,
    });
    expect(suite.client.upstream.health()).toMatchObject({
      system: 'kubernetes',
      reachable: true,
      authenticated: true,
      breaker: 'closed',
    });
  });

  it('refuses credentials that are wrong', async () => {
    const stranger = await suite.create({ token: 'not-a-token-of-anybody' });
    await expect(stranger.get(ref('any'))).rejects.toMatchObject({
      code: 'unauthenticated',
      message: expect.not.stringContaining('not-a-token'),
    });
    await expect(stranger.upstream.probe()).resolves.toEqual({
      authenticated: false,
    });
    await stranger.close();
  });

  it('says who may do what', async () => {
    const attributes = {
      verb: 'get',
      resource: 'configmaps',
      namespace,
    };
    await expect(suite.client.canI(attributes)).resolves.toMatchObject({
      allowed: true,
    });
    const rbac = 'rbac.authorization.k8s.io';
    await suite.client.apply({
      apiVersion: `${rbac}/v1`,
      kind: 'Role',
      metadata: { name: 'reader', namespace },
      rules: [
        { apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'list'] },
      ],
    });
    await suite.client.apply({
      apiVersion: `${rbac}/v1`,
      kind: 'RoleBinding',
      metadata: { name: 'reader', namespace },
      roleRef: { apiGroup: rbac, kind: 'Role', name: 'reader' },
      subjects: [
        { kind: 'User', apiGroup: rbac, name: 'reader' },
        { kind: 'Group', apiGroup: rbac, name: 'readers' },
      ],
    });
    const answers = await eventually(
      async () =>
        Promise.all([
          suite.client.canUser({ user: `reader` }, attributes),
          suite.client.canUser({ user: 'x', groups: ['readers'] }, attributes),
          suite.client.canUser(
            { user: 'reader' },
            { ...attributes, verb: 'delete' },
          ),
          suite.client.canUser(
            { user: 'reader' },
            { ...attributes, namespace: 'default' },
          ),
          suite.client.canUser({ user: 'stranger' }, attributes),
        ]),
      found => found.length === 5,
    );
    expect(answers.map(answer => answer.allowed)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);

    const reader = suite.client.impersonate({ user: 'reader' });
    await expect(reader.list(CONFIG_MAP, { namespace })).resolves.toMatchObject(
      { items: expect.any(Array) },
    );
    const denied = await errorOf(reader.create(configMap('denied')));
    expect(denied).toMatchObject({ code: 'denied', status: 403 });
    await expect(reader.canI(attributes)).resolves.toMatchObject({
      allowed: true,
    });
    expect(() => reader.cache({ kind: CONFIG_MAP })).toThrow(
      'held in memory is read by the portal',
    );
  });
}
