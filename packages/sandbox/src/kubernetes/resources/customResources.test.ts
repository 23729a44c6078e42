import { KubernetesTestServer } from '../testUtils/KubernetesTestServer';

const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const WIDGETS = '/apis/example.org/v1/namespaces/default/widgets';

const DEFINITION = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.example.org' },
  spec: {
    group: 'example.org',
    scope: 'Namespaced',
    names: { plural: 'widgets', kind: 'Widget', shortNames: ['wd'] },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: {
          status: {},
          scale: {
            specReplicasPath: '.spec.size',
            statusReplicasPath: '.status.size',
          },
        },
        additionalPrinterColumns: [
          { name: 'Size', type: 'integer', jsonPath: '.spec.size' },
          {
            name: 'Ready',
            type: 'string',
            jsonPath: '.status.conditions[?(@.type=="Ready")].status',
          },
        ],
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: {
                type: 'object',
                required: ['size'],
                properties: {
                  size: { type: 'integer', minimum: 1, maximum: 5 },
                  color: {
                    type: 'string',
                    enum: ['red', 'blue'],
                    default: 'red',
                  },
                  name: { type: 'string', pattern: '^[a-z]+$', maxLength: 5 },
                  tags: {
                    type: 'array',
                    'x-kubernetes-list-type': 'set',
                    items: { type: 'string' },
                  },
                  ports: {
                    type: 'array',
                    'x-kubernetes-list-type': 'map',
                    'x-kubernetes-list-map-keys': ['name'],
                    items: {
                      type: 'object',
                      required: ['name'],
                      properties: {
                        name: { type: 'string' },
                        number: { type: 'integer' },
                      },
                    },
                  },
                  limit: { 'x-kubernetes-int-or-string': true },
                  free: {
                    type: 'object',
                    'x-kubernetes-preserve-unknown-fields': true,
                  },
                },
                'x-kubernetes-validations': [
                  { rule: 'self.size < 5', message: 'size must stay below 5' },
                  {
                    rule: '!has(oldSelf.name) || self.name == oldSelf.name',
                    message: 'name cannot change',
                  },
                ],
              },
              status: {
                type: 'object',
                'x-kubernetes-preserve-unknown-fields': true,
              },
            },
          },
        },
      },
    ],
  },
};

describe('custom resources', () => {
  let server: KubernetesTestServer;
  const create = (name: string, spec: unknown, query = '') =>
    server.send(`${WIDGETS}${query}`, {
      method: 'POST',
      body: {
        apiVersion: 'example.org/v1',
        kind: 'Widget',
        metadata: { name },
        spec,
      },
    });

  beforeAll(async () => {
    server = await KubernetesTestServer.start();
    await server.send(DEFINITIONS, { method: 'POST', body: DEFINITION });
  });
  afterAll(async () => {
    await server.remove();
  });

  it('should be served as soon as they are defined', async () => {
    const definition = await server.send(`${DEFINITIONS}/widgets.example.org`);
    expect(definition.body.status).toMatchObject({
      acceptedNames: { listKind: 'WidgetList', singular: 'widget' },
      storedVersions: ['v1'],
    });
    const resources = await server.send('/apis/example.org/v1');
    expect(
      resources.body.resources.map((resource: any) => resource.name),
    ).toEqual(['widgets', 'widgets/status', 'widgets/scale']);
    const document = await server.send('/openapi/v3/apis/example.org/v1');
    expect(
      document.body.components.schemas['org.example.v1.Widget'].properties.spec
        .properties.size.maximum,
    ).toBe(5);
  });

  it('should get defaults, and lose what the schema does not know', async () => {
    const created = await create('pruned', {
      size: 1,
      unknown: true,
      free: { anything: [1] },
      name: null,
    });
    expect(created.status).toBe(201);
    expect(created.headers.get('warning')).toContain('unknown field');
    expect(created.body.spec).toEqual({
      size: 1,
      color: 'red',
      free: { anything: [1] },
    });
    const strict = await create(
      'strict',
      { size: 1, unknown: true },
      '?fieldValidation=Strict',
    );
    expect(strict.body.message).toBe(
      'Widget in version "v1" cannot be handled as a Widget: strict decoding error: unknown field "spec.unknown"',
    );
  });

  const BLOCKED =
    'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation';
  it.each([
    [{}, 'spec.size: Required value', true],
    [
      { size: 'x' },
      'spec.size: Invalid value: "string": spec.size in body must be of type integer: "string"',
      true,
    ],
    [
      { size: 0 },
      'spec.size: Invalid value: 0: spec.size in body should be greater than or equal to 1',
      false,
    ],
    [
      { size: 1, color: 'green' },
      'spec.color: Unsupported value: "green": supported values: "red", "blue"',
      true,
    ],
    [
      { size: 1, name: 'ABC' },
      'spec.name: Invalid value: "ABC": spec.name in body should match \'^[a-z]+$\'',
      false,
    ],
    [
      { size: 1, name: 'abcdef' },
      'spec.name: Too long: may not be more than 5 bytes',
      true,
    ],
    [
      { size: 1, tags: ['a', 'a'] },
      'spec.tags[1]: Duplicate value: "a"',
      false,
    ],
    [
      { size: 1, ports: [{ name: 'a' }, { name: 'a' }] },
      'spec.ports[1]: Duplicate value: {"name":"a"}',
      false,
    ],
    [{ size: 1, ports: [{}] }, 'spec.ports[0].name: Required value', true],
    [
      { size: 1, limit: [] },
      'spec.limit: Invalid value: "array": spec.limit in body must be of type integer,string: "array"',
      true,
    ],
    [
      { size: 5 },
      'spec: Invalid value: "object": size must stay below 5',
      false,
    ],
  ])('should refuse %j', async (spec, error, blocked) => {
    const answer = await create('refused', spec);
    expect(answer.status).toBe(422);
    expect(answer.body.message).toBe(
      blocked
        ? `Widget.example.org "refused" is invalid: [${error}, <nil>: Invalid value: null: ${BLOCKED}]`
        : `Widget.example.org "refused" is invalid: ${error}`,
    );
  });

  it('should check rules about what was before', async () => {
    await create('named', { size: 1, name: 'abc' });
    const rename = await server.send(`${WIDGETS}/named`, {
      method: 'PATCH',
      contentType: 'application/merge-patch+json',
      body: { spec: { name: 'def' } },
    });
    expect(rename.body).toMatchObject({
      code: 422,
      details: { causes: [{ field: 'spec', reason: 'FieldValueInvalid' }] },
    });
    expect(rename.body.message).toContain('name cannot change');
  });

  it('should keep status apart, and count only changes of the rest', async () => {
    await create('apart', { size: 1 });
    const patch = (path: string, body: object) =>
      server.send(`${WIDGETS}/apart${path}`, {
        method: 'PATCH',
        contentType: 'application/merge-patch+json',
        body,
      });
    const main = await patch('', { spec: { size: 2 }, status: { size: 9 } });
    expect(main.body.status).toBeUndefined();
    expect(main.body.metadata.generation).toBe(2);
    const status = await patch('/status', {
      metadata: { labels: { a: 'b' } },
      spec: { size: 3 },
      status: { size: 2, conditions: [{ type: 'Ready', status: 'True' }] },
    });
    expect(status.body).toMatchObject({
      metadata: { generation: 2 },
      spec: { size: 2 },
      status: { size: 2 },
    });
    expect(status.body.metadata.labels).toBeUndefined();
    const scale = await server.send(`${WIDGETS}/apart/scale`);
    expect(scale.body).toMatchObject({
      spec: { replicas: 2 },
      status: { replicas: 2 },
    });
    const table = await server.send(
      `${WIDGETS}?fieldSelector=metadata.name%3Dapart`,
      { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' },
    );
    expect(table.body.rows[0].cells).toEqual(['apart', 2, 'True']);
  });

  it('should refuse what only built-in kinds can do', async () => {
    await create('custom', { size: 1 });
    const strategic = await server.send(`${WIDGETS}/custom`, {
      method: 'PATCH',
      contentType: 'application/strategic-merge-patch+json',
      body: { spec: { size: 2 } },
    });
    expect(strategic.status).toBe(415);
    const blind = await server.send(`${WIDGETS}/custom`, {
      method: 'PUT',
      body: {
        apiVersion: 'example.org/v1',
        kind: 'Widget',
        metadata: { name: 'custom' },
        spec: { size: 2 },
      },
    });
    expect(blind.body.message).toBe(
      'widgets.example.org "custom" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update',
    );
  });

  it('should go with their definition', async () => {
    const second = {
      ...DEFINITION,
      metadata: { name: 'gadgets.example.org' },
      spec: {
        ...DEFINITION.spec,
        names: { plural: 'gadgets', kind: 'Gadget' },
      },
    };
    await server.send(DEFINITIONS, { method: 'POST', body: second });
    const gadgets = '/apis/example.org/v1/namespaces/default/gadgets';
    await server.send(gadgets, {
      method: 'POST',
      body: { metadata: { name: 'a' }, spec: { size: 1 } },
    });
    await server.send(`${DEFINITIONS}/gadgets.example.org`, {
      method: 'DELETE',
    });
    expect((await server.send(gadgets)).status).toBe(404);
    expect(server.cluster.server.store.table('example.org/Gadget').size).toBe(
      0,
    );
  });

  it('should refuse definitions that contradict themselves', async () => {
    const answer = await server.send(DEFINITIONS, {
      method: 'POST',
      body: { ...DEFINITION, metadata: { name: 'other.example.org' } },
    });
    expect(answer.body.details.causes[0]).toEqual({
      field: 'metadata.name',
      message:
        'Invalid value: "other.example.org": must be spec.names.plural+"."+spec.group',
      reason: 'FieldValueInvalid',
    });
  });

  it.each([
    ['argoproj.io/v1alpha1', 'Application', 'applications', true, []],
    ['argoproj.io/v1alpha1', 'Rollout', 'rollouts', true, ['status', 'scale']],
    [
      'apiextensions.crossplane.io/v2',
      'CompositeResourceDefinition',
      'compositeresourcedefinitions',
      false,
      ['status'],
    ],
    [
      'apiextensions.crossplane.io/v1',
      'Composition',
      'compositions',
      false,
      [],
    ],
    ['postgresql.cnpg.io/v1', 'Cluster', 'clusters', true, ['status', 'scale']],
    [
      'templates.gatekeeper.sh/v1',
      'ConstraintTemplate',
      'constrainttemplates',
      false,
      ['status'],
    ],
    ['wgpolicyk8s.io/v1alpha2', 'PolicyReport', 'policyreports', true, []],
    ['openreports.io/v1alpha1', 'Report', 'reports', true, []],
    [
      'aquasecurity.github.io/v1alpha1',
      'VulnerabilityReport',
      'vulnerabilityreports',
      true,
      [],
    ],
    [
      'monitoring.coreos.com/v1',
      'PrometheusRule',
      'prometheusrules',
      true,
      ['status'],
    ],
  ])(
    'should have %s %s from the start',
    async (apiVersion, kind, plural, namespaced, subresources) => {
      const { body } = await server.send(`/apis/${apiVersion}`);
      const own = body.resources.filter(
        (resource: any) => resource.name.split('/')[0] === plural,
      );
      expect(own[0]).toMatchObject({ name: plural, kind, namespaced });
      expect(own.slice(1).map((resource: any) => resource.name)).toEqual(
        subresources.map(name => `${plural}/${name}`),
      );
    },
  );

  it('should count every change of kinds without a status subresource', async () => {
    const path = '/apis/argoproj.io/v1alpha1/namespaces/default/applications';
    await server.send(path, {
      method: 'POST',
      body: {
        metadata: { name: 'shop' },
        spec: { project: 'default', destination: {} },
        status: { sync: { status: 'Synced' } },
      },
    });
    const changed = await server.send(`${path}/shop`, {
      method: 'PATCH',
      contentType: 'application/merge-patch+json',
      body: { status: { sync: { status: 'OutOfSync' } } },
    });
    expect(changed.body).toMatchObject({
      metadata: { generation: 2 },
      status: { sync: { status: 'OutOfSync' } },
    });
  });
});
