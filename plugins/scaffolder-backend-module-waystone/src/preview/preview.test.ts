import {
  createMockDirectory,
  mockCredentials,
  mockErrorHandler,
  mockServices,
} from '@backstage/backend-test-utils';
import { ConfigReader } from '@backstage/config';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { readEnvironments } from '@waystone/environments';
import type { ForgeService, KubernetesService } from '@waystone/integrations';
import { UpstreamError } from '@waystone/integrations';
import express from 'express';
import request from 'supertest';
import type { InfrastructureRequests } from '../infrastructure/InfrastructureRequests';
import { createDryRunGuard } from './createDryRunGuard';
import { createFormRouter } from './createFormRouter';
import { ManifestChecker } from './ManifestChecker';
import { NameChecker } from './NameChecker';
import { PreviewService } from './PreviewService';
import { TemplateFiles } from './TemplateFiles';

const directory = createMockDirectory();
const base64 = (text: string) => Buffer.from(text).toString('base64');

function setUp() {
  directory.setContent({
    'path.yaml': '',
    skeleton: { 'README.md': 'Hello' },
    secret: { key: 'hidden' },
  });
  const catalog = catalogServiceMock({
    entities: [
      {
        apiVersion: 'scaffolder.backstage.io/v1beta3',
        kind: 'Template',
        metadata: {
          name: 'path',
          annotations: {
            'backstage.io/managed-by-location': `file:${directory.path}/path.yaml`,
          },
        },
        spec: {
          steps: [{ action: 'fetch:template', input: { url: './skeleton' } }],
        },
      },
      {
        apiVersion: 'backstage.io/v1alpha1',
        kind: 'Component',
        metadata: { name: 'taken' },
      },
    ],
  });
  const order = {
    kind: 'PostgreSQLInstance',
    name: 'a-database',
    environment: 'production',
    parameters: {},
    system: 'a',
    owner: 'group:default/a',
    component: 'component:default/a',
    costCenter: 'cc-a',
  };
  const dryRun = jest.fn(async (..._: unknown[]) => ({
    directoryContents: [
      {
        path: 'deploy/production/service.yaml',
        base64Content: base64('kind: Service\nmetadata: { name: a }\n'),
      },
      {
        path: '.waystone/planned-infrastructure.json',
        base64Content: base64(JSON.stringify([order])),
      },
      { path: 'README.md', base64Content: base64('Hello') },
    ],
    log: [],
    steps: [],
    output: {},
  }));
  const kubernetes = {
    cluster: (cluster: string) => ({
      apply: async () => {
        throw new UpstreamError({
          system: 'kubernetes',
          instance: cluster,
          operation: 'apply',
          code: 'invalid',
          status: 422,
          reason: 'it has no owner',
          details: { type: 'policy-denied' },
        });
      },
    }),
  } as unknown as KubernetesService;
  const environments = readEnvironments(
    new ConfigReader({
      waystone: {
        environments: [
          { name: 'development', cluster: 'nonprod' },
          { name: 'production', cluster: 'prod' },
        ],
      },
    }),
  );
  const forges = {
    forges: [
      {
        instance: 'a.example.com',
        system: 'github',
        findRepository: async ({ name }: { name: string }) =>
          name === 'pushed' ? {} : undefined,
      },
      { instance: 'b.example.com', system: 'gitea' },
    ],
  } as unknown as ForgeService;
  const auth = mockServices.auth();
  const app = express()
    .use(
      createFormRouter({
        defaultForge: 'b.example.com',
        forges,
        httpAuth: mockServices.httpAuth(),
        names: new NameChecker({
          auth,
          catalog,
          config: { organization: 'example' },
          forges,
        }),
        previews: new PreviewService({
          catalog,
          checker: new ManifestChecker({ environments, kubernetes }),
          files: new TemplateFiles({ reader: mockServices.urlReader.mock() }),
          requests: {
            preview: async () => ({
              verdicts: [{ severity: 'warning', message: 'Over 80 %' }],
              cost: { monthly: 54, currency: 'EUR' },
              approval: { required: true, reasons: ['Protected'] },
            }),
          } as unknown as InfrastructureRequests,
          scaffolder: { dryRun: dryRun as never },
        }),
      }),
    )
    .use(mockErrorHandler());
  return { app, dryRun };
}

describe('the form', () => {
  it('shows what a template of the catalog would make', async () => {
    const { app, dryRun } = setUp();
    const preview = (templateRef: string) =>
      request(app)
        .post('/golden-paths/preview')
        .send({ templateRef, values: { name: 'a' } });
    const { body } = await preview('template:default/path');
    expect(body).toEqual({
      files: [
        { path: 'README.md', bytes: 5, text: 'Hello' },
        expect.objectContaining({ path: 'deploy/production/service.yaml' }),
      ],
      verdicts: [
        {
          severity: 'error',
          source: 'prod, production',
          message: 'Service a: it has no owner',
        },
        {
          severity: 'warning',
          source: 'a-database in production',
          message: 'Over 80 %',
        },
      ],
      infrastructure: [
        {
          kind: 'PostgreSQLInstance',
          name: 'a-database',
          environment: 'production',
          monthly: 54,
          currency: 'EUR',
          approval: 'Protected',
        },
      ],
    });
    // Only what its steps name, and in the name of the person
    expect(dryRun.mock.calls[0]).toEqual([
      expect.objectContaining({
        directoryContents: [
          { path: 'skeleton/README.md', base64Content: base64('Hello') },
        ],
      }),
      {
        credentials: expect.objectContaining({
          principal: mockCredentials.user().principal,
        }),
      },
    ]);
    expect((await preview('template:default/none')).status).toBe(404);
    expect((await preview('component:default/taken')).status).toBe(404);
    dryRun.mockRejectedValueOnce(new Error('The name is taken'));
    expect((await preview('template:default/path')).body).toMatchObject({
      problem: 'The name is taken',
      files: [],
    });
    expect(
      (await request(app).post('/golden-paths/preview').send({})).status,
    ).toBe(400);
  });

  it('checks names, and knows the forges', async () => {
    const { app } = setUp();
    const check = async (name: string) =>
      (await request(app).get(`/golden-paths/names/${name}`)).body.problem;
    expect(await check('free')).toBe(undefined);
    expect(await check('Not-a-name')).toContain('lower-case words');
    expect(await check('taken')).toContain("a component 'taken'");
    expect(await check('pushed')).toContain("'example/pushed' already");
    expect((await request(app).get('/golden-paths/forges')).body.items).toEqual(
      [
        { host: 'b.example.com', system: 'gitea' },
        { host: 'a.example.com', system: 'github' },
      ],
    );
    const anonymous = await request(app)
      .get('/golden-paths/forges')
      .set('Authorization', mockCredentials.none.header());
    expect(anonymous.status).toBe(401);
  });

  it('is filled in from a ServiceRequest', async () => {
    const { app } = setUp();
    const fill = async (spec: string) =>
      (
        await request(app)
          .post('/golden-paths/service-requests')
          .send({
            text: `apiVersion: platform.waystone.dev/v1alpha1
kind: ServiceRequest
metadata: { name: loyalty }
spec: { owner: orders, system: ordering, ${spec} }
`,
          })
      ).body;
    expect(
      await fill(
        'type: service, language: go, tier: 2, cache: redis, database: { engine: postgresql, size: large }',
      ),
    ).toEqual({
      problems: [],
      template: 'go-service',
      values: {
        name: 'loyalty',
        owner: 'group:default/orders',
        system: 'system:default/ordering',
        tier: '2',
        cache: 'redis',
        database: 'postgresql',
        databaseSize: 'large',
      },
    });
    expect(
      (
        await fill(
          'type: service, language: go, resources: large, scaling: 3, queue: { engine: rabbitmq, size: medium }, monitoring: { availability: { objective: 99.9 }, latency: { threshold: 250ms } }',
        )
      ).values,
    ).toMatchObject({
      advanced: true,
      size: 'large',
      replicas: '3',
      queue: 'rabbitmq',
      queueSize: 'medium',
      availability: '99.9',
      latency: '250ms',
    });
    expect((await fill('type: worker, language: go')).problems).toHaveLength(1);
    expect((await fill('type: service, language: cobol')).problems).toEqual([
      expect.objectContaining({ line: 4 }),
    ]);
  });
});

describe('the stock dry run', () => {
  it('is only for who manages templates, however it is written', async () => {
    let allowed = AuthorizeResult.DENY as
      | AuthorizeResult.ALLOW
      | AuthorizeResult.DENY;
    const app = express()
      .use(
        createDryRunGuard({
          auth: mockServices.auth(),
          httpAuth: mockServices.httpAuth(),
          permissions: mockServices.permissions.mock({
            authorize: async () => [{ result: allowed }],
          }),
        }),
      )
      .use((_req, res) => {
        res.status(204).end();
      })
      .use(mockErrorHandler());
    const status = async (path: string) =>
      (await request(app).post(path)).status;
    for (const path of [
      '/v2/dry-run',
      '/V2/Dry-Run/',
      '//v2//dry-run',
      '/v2/dry%2Drun',
    ]) {
      expect([path, await status(path)]).toEqual([path, 403]);
    }
    expect(await status('/v2/tasks')).toBe(204);
    allowed = AuthorizeResult.ALLOW;
    expect(await status('/v2/dry-run')).toBe(204);
  });
});
