import { compile } from './compile';
import { createInfrastructure, expand, printApplication } from './expand';
import { readApplication, readServiceRequest } from './readApplication';
import { environments, platform, readFixtures } from './__testUtils__/fixtures';

const [development, production] = environments;
const requests = new Map(readFixtures('requests'));

function expandFixture(name: string) {
  const { value, problems } = readServiceRequest(requests.get(name)!);
  expect(problems).toEqual([]);
  return expand(value!);
}

describe('expand', () => {
  const { application, infrastructure } = expandFixture('loyalty-service');

  it('makes an application that can be read again', () => {
    const text = printApplication(application, 'https://example.com/a b.json');
    expect(text).toMatch(
      /^# yaml-language-server: \$schema=https:\/\/example\.com\/a%20b\.json\n/,
    );
    expect(readApplication(text)).toMatchObject({
      value: application,
      problems: [],
    });
    expect(application.spec).toEqual({
      owner: 'group:default/orders',
      system: 'orders',
      tier: 2,
      version: '0.1.0',
      size: 'small',
      replicas: 'auto',
      scaling: { min: 2, max: 6 },
      slos: { availability: { objective: 99.9 } },
      ingress: {},
      bindings: [
        { name: 'database', kind: 'PostgreSQLInstance' },
        { name: 'cache', kind: 'RedisInstance' },
        { name: 'queue', kind: 'MessageQueue' },
        { name: 'files', kind: 'Bucket' },
      ],
    });
  });

  it('asks for what the application is bound to', () => {
    const { manifests, problems } = compile({
      application,
      environment: production,
      platform,
    });
    expect(problems).toEqual([]);
    const { env } = (
      manifests.find(({ object }) => object.kind === 'Deployment')!
        .object as any
    ).spec.template.spec.containers[0];
    const secrets = new Set(
      env.flatMap(({ valueFrom }: any) => valueFrom?.secretKeyRef.name ?? []),
    );
    expect([...secrets]).toEqual([
      'loyalty-service-database-app',
      'loyalty-service-cache-connection',
      'loyalty-service-queue-default-user',
      'loyalty-service-files-connection',
    ]);
    expect(
      infrastructure.map(request =>
        createInfrastructure(request, application, production),
      ),
    ).toMatchObject([
      {
        kind: 'PostgreSQLInstance',
        metadata: {
          name: 'loyalty-service-database',
          namespace: 'orders-production',
          labels: { owner: 'orders', 'cost-center': 'cc-orders' },
        },
        spec: { size: 'medium', storageGB: 20, highAvailability: true },
      },
      { kind: 'RedisInstance', metadata: { name: 'loyalty-service-cache' } },
      { kind: 'MessageQueue', spec: { highAvailability: true } },
      { kind: 'Bucket', spec: {} },
    ]);
    expect(
      createInfrastructure(infrastructure[0], application, development).spec,
    ).toEqual({ size: 'medium', storageGB: 20 });
  });

  it('makes a job of a job', () => {
    const nightly = expandFixture('nightly');
    const { manifests } = compile({
      application: nightly.application,
      environment: production,
      platform,
    });
    expect(manifests.map(({ object }) => object.kind)).toEqual([
      'ServiceAccount',
      'CronJob',
      'NetworkPolicy',
      'Application',
    ]);
    expect(nightly.infrastructure).toMatchObject([
      { kind: 'MongoDBInstance', name: 'nightly-database' },
    ]);
  });
});
