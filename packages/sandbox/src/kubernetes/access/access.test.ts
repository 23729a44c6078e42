import { KubernetesTestServer } from '../testUtils/KubernetesTestServer';

const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const REVIEWS = '/apis/authorization.k8s.io/v1';

describe('access', () => {
  let server: KubernetesTestServer;
  const asBob = { headers: { 'Impersonate-User': 'bob' } };

  beforeAll(async () => {
    server = await KubernetesTestServer.start();
    await server.send(`${RBAC}/namespaces/default/roles`, {
      method: 'POST',
      body: {
        metadata: { name: 'reader' },
        rules: [
          { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] },
        ],
      },
    });
    await server.send(`${RBAC}/namespaces/default/rolebindings`, {
      method: 'POST',
      body: {
        metadata: { name: 'readers' },
        roleRef: { kind: 'Role', name: 'reader' },
        subjects: [
          { kind: 'User', name: 'bob' },
          { kind: 'ServiceAccount', name: 'robot', namespace: 'default' },
        ],
      },
    });
  });
  afterAll(async () => {
    await server.remove();
  });

  it.each([null, 'of-nobody', 'a.b.c'])(
    'should refuse the token %s',
    async token => {
      const answer = await server.send('/api/v1/namespaces', { token });
      expect(answer.body).toMatchObject({
        code: 401,
        reason: 'Unauthorized',
        message: 'Unauthorized',
      });
    },
  );

  it('should tell anybody that it is well', async () => {
    for (const path of ['/healthz', '/livez', '/readyz']) {
      expect((await server.send(path, { token: null })).text).toBe('ok');
    }
    expect((await server.send('/version', { token: null })).body).toMatchObject(
      { major: '1', minor: '34' },
    );
  });

  it('should allow what roles allow, and refuse the rest in the usual words', async () => {
    const pods = '/api/v1/namespaces/default/pods';
    expect((await server.send(pods, asBob)).status).toBe(200);
    const refused = await server.send(
      '/api/v1/namespaces/kube-system/pods',
      asBob,
    );
    expect(refused.body).toMatchObject({
      code: 403,
      reason: 'Forbidden',
      details: { kind: 'pods' },
      message:
        'pods is forbidden: User "bob" cannot list resource "pods" in API group "" in the namespace "kube-system"',
    });
    const named = await server.send(`${pods}/web/log`, asBob);
    expect(named.body.message).toBe(
      'pods "web" is forbidden: User "bob" cannot get resource "pods/log" in API group "" in the namespace "default"',
    );
    const everywhere = await server.send('/apis/apps/v1/deployments', asBob);
    expect(everywhere.body.message).toBe(
      'deployments.apps is forbidden: User "bob" cannot list resource "deployments" in API group "apps" at the cluster scope',
    );
    const path = await server.send('/metrics', asBob);
    expect(path.body.message).toBe(
      'forbidden: User "bob" cannot get path "/metrics"',
    );
  });

  it('should let the portal see everything but secrets, and not act as others', async () => {
    const token = server.portalToken;
    const review = await server.send(
      '/apis/authentication.k8s.io/v1/selfsubjectreviews',
      { method: 'POST', body: {}, token },
    );
    expect(review.body.status.userInfo.username).toBe(
      'system:serviceaccount:waystone:portal',
    );
    for (const path of [
      '/api/v1/pods',
      '/apis/apps/v1/deployments',
      '/apis/argoproj.io/v1alpha1/applications',
      '/apis/apiextensions.k8s.io/v1/customresourcedefinitions?limit=1',
    ]) {
      expect((await server.send(path, { token })).status).toBe(200);
    }
    expect((await server.send('/api/v1/secrets', { token })).status).toBe(403);
    expect(
      (await server.send('/api/v1/pods', { token, ...asBob })).body.message,
    ).toContain('cannot impersonate resource "users"');
  });

  it('should let the portal use kinds that are defined later', async () => {
    await server.send(
      '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
      {
        method: 'POST',
        body: {
          metadata: { name: 'claims.late.example' },
          spec: {
            group: 'late.example',
            scope: 'Namespaced',
            names: { plural: 'claims', kind: 'Claim' },
            versions: [
              {
                name: 'v1',
                served: true,
                storage: true,
                schema: { openAPIV3Schema: { type: 'object' } },
              },
            ],
          },
        },
      },
    );
    const created = await server.send(
      '/apis/late.example/v1/namespaces/default/claims',
      {
        method: 'POST',
        body: { metadata: { name: 'a' } },
        token: server.portalToken,
      },
    );
    expect(created.status).toBe(201);
  });

  it('should review access, of oneself and of others', async () => {
    const attributes = { namespace: 'default', verb: 'list', resource: 'pods' };
    const own = await server.send(`${REVIEWS}/selfsubjectaccessreviews`, {
      method: 'POST',
      body: { spec: { resourceAttributes: attributes } },
      ...asBob,
    });
    expect(own.status).toBe(201);
    expect(own.body.status).toEqual({
      allowed: true,
      reason:
        'RBAC: allowed by RoleBinding "readers/default" of Role "reader" to User "bob"',
    });
    const other = await server.send(`${REVIEWS}/subjectaccessreviews`, {
      method: 'POST',
      body: {
        spec: {
          user: 'eve',
          groups: ['dev'],
          resourceAttributes: attributes,
        },
      },
    });
    expect(other.body.status).toEqual({ allowed: false });
    const rules = await server.send(`${REVIEWS}/selfsubjectrulesreviews`, {
      method: 'POST',
      body: { spec: { namespace: 'default' } },
      ...asBob,
    });
    expect(rules.body.status.resourceRules).toContainEqual({
      verbs: ['get', 'list'],
      apiGroups: [''],
      resources: ['pods'],
    });
    const empty = await server.send(`${REVIEWS}/selfsubjectaccessreviews`, {
      method: 'POST',
      body: { spec: {} },
    });
    expect(empty.status).toBe(400);
  });

  it('should issue tokens of service accounts that end with them', async () => {
    const accounts = '/api/v1/namespaces/default/serviceaccounts';
    await server.send(accounts, {
      method: 'POST',
      body: { metadata: { name: 'robot' } },
    });
    const request = (expirationSeconds: number) =>
      server.send(`${accounts}/robot/token`, {
        method: 'POST',
        body: { spec: { audiences: ['vault'], expirationSeconds } },
      });
    const issued = await request(600);
    expect(issued.status).toBe(201);
    const { token, expirationTimestamp } = issued.body.status;
    expect(Date.parse(expirationTimestamp)).toBeGreaterThan(Date.now());
    expect((await request(5)).body.message).toContain(
      'may not specify a duration less than 10 minutes',
    );

    const pods = await server.send('/api/v1/namespaces/default/pods', {
      token,
    });
    expect(pods.status).toBe(200);
    const review = await server.send(
      '/apis/authentication.k8s.io/v1/tokenreviews',
      { method: 'POST', body: { spec: { token, audiences: ['vault', 'x'] } } },
    );
    expect(review.body.status).toMatchObject({
      authenticated: true,
      audiences: ['vault'],
      user: { username: 'system:serviceaccount:default:robot' },
    });
    const forged = `${token.slice(0, -2)}xx`;
    const refused = await server.send(
      '/apis/authentication.k8s.io/v1/tokenreviews',
      { method: 'POST', body: { spec: { token: forged } } },
    );
    expect(refused.body.status).toEqual({
      user: {},
      error: 'invalid bearer token',
    });

    await server.send(`${accounts}/robot`, { method: 'DELETE' });
    expect(
      (await server.send('/api/v1/namespaces/default/pods', { token })).status,
    ).toBe(401);
  });

  it('should name roles that are missing', async () => {
    await server.send(`${RBAC}/namespaces/kube-public/rolebindings`, {
      method: 'POST',
      body: {
        metadata: { name: 'broken' },
        roleRef: { kind: 'Role', name: 'nobody-made-it' },
        subjects: [{ kind: 'User', name: 'bob' }],
      },
    });
    const answer = await server.send(
      '/api/v1/namespaces/kube-public/pods',
      asBob,
    );
    expect(answer.body.message).toContain(
      ': RBAC: role.rbac.authorization.k8s.io "nobody-made-it" not found',
    );
  });
});
