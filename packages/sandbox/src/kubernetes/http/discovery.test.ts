import { KubernetesTestServer } from '../testUtils/KubernetesTestServer';

describe('discovery', () => {
  let server: KubernetesTestServer;

  beforeAll(async () => {
    server = await KubernetesTestServer.start();
  });
  afterAll(async () => {
    await server.remove();
  });

  it('should list groups and their resources', async () => {
    expect((await server.send('/api')).body.versions).toEqual(['v1']);
    const groups = await server.send('/apis');
    expect(groups.body.kind).toBe('APIGroupList');
    const crossplane = groups.body.groups.find(
      (group: any) => group.name === 'apiextensions.crossplane.io',
    );
    expect(crossplane.preferredVersion.version).toBe('v2');
    const apps = await server.send('/apis/apps/v1');
    expect(apps.body.resources).toContainEqual(
      expect.objectContaining({
        name: 'deployments',
        singularName: 'deployment',
        namespaced: true,
        kind: 'Deployment',
        shortNames: ['deploy'],
        categories: ['all'],
      }),
    );
    expect(apps.body.resources).toContainEqual({
      name: 'deployments/scale',
      singularName: '',
      namespaced: true,
      group: 'autoscaling',
      version: 'v1',
      kind: 'Scale',
      verbs: ['get', 'patch', 'update'],
    });
    expect((await server.send('/apis/none.example')).status).toBe(404);
  });

  it('should tell all at once if asked to', async () => {
    const answer = await server.send('/apis', {
      accept:
        'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json',
    });
    expect(answer.headers.get('content-type')).toBe(
      'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
    );
    const argo = answer.body.items.find(
      (group: any) => group.metadata.name === 'argoproj.io',
    );
    expect(argo.versions[0].resources).toContainEqual(
      expect.objectContaining({
        resource: 'applications',
        scope: 'Namespaced',
        shortNames: ['app', 'apps'],
        responseKind: {
          group: 'argoproj.io',
          version: 'v1alpha1',
          kind: 'Application',
        },
      }),
    );
  });

  it('should describe every group in OpenAPI', async () => {
    const index = await server.send('/openapi/v3');
    const { serverRelativeURL } = index.body.paths['apis/apps/v1'];
    expect(serverRelativeURL).toMatch(
      /^\/kubernetes\/test\/openapi\/v3\/apis\/apps\/v1\?hash=[0-9A-F]+$/,
    );
    for (const name of Object.keys(index.body.paths)) {
      const document = await server.send(`/openapi/v3/${name}`);
      expect(document.body.openapi).toMatch(/^3\./);
      expect(Object.keys(document.body.paths).length).toBeGreaterThan(0);
      expect(
        Object.keys(document.body.components.schemas).length,
      ).toBeGreaterThan(0);
    }
    expect((await server.send('/openapi/v3/apis/none.example/v1')).status).toBe(
      404,
    );
  });
});
