import { join } from 'node:path';
import { readKustomization } from '../../policy/readKustomization';
import { KubernetesTestServer } from '../testUtils/KubernetesTestServer';

const POLICIES =
  '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies';
const BINDINGS =
  '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings';
const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps';

/** What a real API server 1.34 says to the same request. */
const REFUSAL = `deployments.apps "loyalty" is forbidden: ValidatingAdmissionPolicy 'waystone-preview' with binding 'waystone-preview' denied request: The portal only asks what this cluster says of it, by a dry run. Services are changed in Git, or by people in their own name.`;

const deployment = (image: string) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'loyalty', namespace: 'default' },
  spec: {
    selector: { matchLabels: { app: 'loyalty' } },
    template: {
      metadata: { labels: { app: 'loyalty' } },
      spec: { containers: [{ name: 'loyalty', image }] },
    },
  },
});

describe('admission policies', () => {
  let server: KubernetesTestServer;

  beforeEach(async () => {
    server = await KubernetesTestServer.start();
  });

  afterEach(async () => {
    await server.stop();
  });

  const apply = (token: string, query: string, image = 'a:1') =>
    server.send(
      `/apis/apps/v1/namespaces/default/deployments/loyalty?fieldManager=x&force=true&${query}`,
      {
        method: 'PATCH',
        contentType: 'application/apply-patch+yaml',
        body: deployment(image),
        token,
      },
    );
  const createPolicy = (spec: object, binding: object = {}) =>
    Promise.all([
      server.send(POLICIES, {
        method: 'POST',
        body: { metadata: { name: 'test' }, spec },
      }),
      server.send(BINDINGS, {
        method: 'POST',
        body: {
          metadata: { name: 'test' },
          spec: {
            policyName: 'test',
            validationActions: ['Deny'],
            ...binding,
          },
        },
      }),
    ]);
  const configMaps = {
    apiGroups: [''],
    apiVersions: ['v1'],
    operations: ['CREATE'],
    resources: ['configmaps'],
  };
  const createConfigMap = (name: string, data: object = {}) =>
    server.send(CONFIG_MAPS, {
      method: 'POST',
      body: { metadata: { name }, data },
    });

  it('should let the portal ask by dry runs and write nothing, whatever its roles are', async () => {
    for (const object of readKustomization(
      join(__dirname, '../../../../../platform/kubernetes'),
    )) {
      server.cluster.apply(object, { fieldManager: 'kubectl' });
    }
    server.cluster.create({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: 'too-much' },
      roleRef: { kind: 'ClusterRole', name: 'edit' },
      subjects: [
        { kind: 'ServiceAccount', name: 'portal', namespace: 'waystone' },
      ],
    });
    const portal = server.portalToken;
    const asked = await apply(portal, 'dryRun=All');
    expect(asked.status).toBe(201);
    expect(asked.body.spec.replicas).toBe(1);

    const refused = await apply(portal, '');
    expect(refused.status).toBe(403);
    expect(refused.body).toMatchObject({
      reason: 'Forbidden',
      message: REFUSAL,
      details: { name: 'loyalty', group: 'apps', kind: 'deployments' },
    });

    expect((await apply(server.kubernetes.adminToken, '')).status).toBe(201);
    expect((await apply(portal, 'dryRun=All', 'a:2')).status).toBe(200);
    const path = '/apis/apps/v1/namespaces/default/deployments/loyalty';
    for (const [what, request] of [
      ['', { method: 'DELETE' }],
      [
        '/scale',
        {
          method: 'PATCH',
          contentType: 'application/merge-patch+json',
          body: { spec: { replicas: 3 } },
        },
      ],
    ] as const) {
      const answer = await server.send(`${path}${what}`, {
        ...request,
        token: portal,
      });
      expect(answer.body.message).toBe(REFUSAL);
    }
    // Kinds that are none of the policy's business
    const claim = await server.send('/api/v1/namespaces', {
      method: 'POST',
      body: { metadata: { name: 'made-by-the-portal' } },
      token: portal,
    });
    expect(claim.status).toBe(201);
  });

  it('should judge by conditions, variables and messages, of what the rules are about', async () => {
    await createPolicy({
      matchConstraints: { resourceRules: [configMaps] },
      matchConditions: [{ name: 'has-data', expression: 'has(object.data)' }],
      variables: [{ name: 'count', expression: 'size(object.data)' }],
      validations: [
        {
          expression: 'variables.count <= 1',
          messageExpression:
            "'too many: ' + string(variables.count) + ' in ' + request.namespace",
        },
      ],
    });
    expect((await createConfigMap('one', { a: '1' })).status).toBe(201);
    const two = await createConfigMap('two', { a: '1', b: '2' });
    expect([two.status, two.body.reason]).toEqual([422, 'Invalid']);
    expect(two.body.message).toContain(
      'denied request: too many: 2 in default',
    );
    const updated = await server.send(`${CONFIG_MAPS}/one`, {
      method: 'PATCH',
      contentType: 'application/merge-patch+json',
      body: { data: { b: '2' } },
    });
    expect(updated.status).toBe(200);
  });

  it('should warn where a binding says so, and only in its namespaces', async () => {
    await createPolicy(
      {
        matchConstraints: { resourceRules: [configMaps] },
        validations: [
          {
            expression: "object.metadata.name != 'bad'",
            message: 'A bad name.',
          },
        ],
      },
      {
        validationActions: ['Warn'],
        matchResources: {
          namespaceSelector: {
            matchLabels: { 'kubernetes.io/metadata.name': 'default' },
          },
        },
      },
    );
    const warned = await createConfigMap('bad');
    expect(warned.status).toBe(201);
    expect(warned.headers.get('warning')).toContain(
      "Validation failed for ValidatingAdmissionPolicy 'test' with binding 'test': A bad name.",
    );
    const elsewhere = await server.send(
      '/api/v1/namespaces/kube-public/configmaps',
      { method: 'POST', body: { metadata: { name: 'bad' } } },
    );
    expect(elsewhere.headers.get('warning')).toBeNull();
  });

  it('should refuse what cannot be judged, unless the policy says to ignore that', async () => {
    const spec = {
      matchConstraints: { resourceRules: [configMaps] },
      validations: [{ expression: "object.data.team == 'a'" }],
    };
    await createPolicy(spec);
    expect((await createConfigMap('without')).body.message).toContain(
      'denied request: No such key: data',
    );
    await server.send(`${POLICIES}/test`, {
      method: 'PATCH',
      contentType: 'application/merge-patch+json',
      body: { spec: { failurePolicy: 'Ignore' } },
    });
    expect((await createConfigMap('without')).status).toBe(201);
  });

  it('should refuse policies that a cluster would refuse', async () => {
    const [{ status, body }] = await createPolicy({
      matchConstraints: {
        resourceRules: [{ ...configMaps, resources: ['*', '*/*'] }],
      },
      validations: [
        { expression: 'request.dryRun == ' },
        { expression: 'nobody.knows' },
      ],
    });
    expect(status).toBe(422);
    expect(
      body.details.causes.map(({ field }: { field: string }) => field),
    ).toEqual([
      'spec.matchConstraints.resourceRules[0].resources',
      'spec.validations[0].expression',
      'spec.validations[1].expression',
    ]);
    expect(body.message).toContain(
      "if '*/*' is present, must not specify other resources",
    );
  });
});
