import type { ArgoCdManagedResource } from '@waystone/integrations';
import { describeDrift } from './describeDrift';

const deployment = (changes: object = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: {
    name: 'orders',
    annotations: { 'deployment.kubernetes.io/revision': '3' },
  },
  spec: {
    replicas: 2,
    template: {
      spec: {
        containers: [
          {
            name: 'orders',
            image: 'orders:1',
            env: [
              { name: 'LOG_LEVEL', value: 'info' },
              { name: 'DB_PASSWORD', value: 'hunter2' },
            ],
          },
        ],
      },
    },
    ...changes,
  },
});

function resource(
  targetState: object | undefined,
  liveState: object | undefined,
  changes: Partial<ArgoCdManagedResource> = {},
): ArgoCdManagedResource {
  return {
    group: 'apps',
    kind: 'Deployment',
    namespace: 'shop',
    name: 'orders',
    targetState,
    liveState,
    normalizedLiveState: liveState,
    predictedLiveState: targetState,
    resourceVersion: undefined,
    ...changes,
  };
}

describe('describeDrift', () => {
  it('names the one field that was changed by hand', () => {
    expect(
      describeDrift([
        resource(deployment(), deployment({ replicas: 5 })),
        resource(deployment(), deployment()),
      ]),
    ).toEqual([
      {
        group: 'apps',
        kind: 'Deployment',
        namespace: 'shop',
        name: 'orders',
        change: 'changed',
        fields: [
          { path: 'spec.replicas', desired: '2', live: '5', masked: false },
        ],
        moreFields: 0,
      },
    ]);
  });

  it('finds containers and variables by name, and masks what may be secret', () => {
    const live = deployment();
    live.spec.template.spec.containers.unshift({
      name: 'sidecar',
      image: 'proxy:1',
      env: [],
    });
    live.spec.template.spec.containers[1].env = [
      { name: 'DB_PASSWORD', value: 'changed-by-hand' },
      { name: 'LOG_LEVEL', value: 'debug' },
      { name: 'API_TOKEN', value: 'also-secret' },
    ];
    const [object] = describeDrift([resource(deployment(), live)]);
    expect(object.fields).toEqual([
      {
        path: 'spec.template.spec.containers[orders].env[LOG_LEVEL].value',
        desired: 'info',
        live: 'debug',
        masked: false,
      },
      expect.objectContaining({
        path: 'spec.template.spec.containers[orders].env[DB_PASSWORD].value',
        masked: true,
      }),
      expect.objectContaining({
        path: 'spec.template.spec.containers[orders].env[API_TOKEN]',
        masked: true,
      }),
      expect.objectContaining({
        path: 'spec.template.spec.containers[sidecar]',
        desired: undefined,
        live: expect.stringContaining('proxy:1'),
      }),
    ]);
    expect(JSON.stringify(object)).not.toMatch(
      /hunter2|changed-by-hand|also-secret/,
    );
  });

  it('hides everything of a Secret but its metadata', () => {
    const secret = (value: string, label: string) => ({
      kind: 'Secret',
      metadata: { name: 'db', labels: { label } },
      data: { user: value },
      stringData: { plain: value },
    });
    const [object] = describeDrift([
      resource(secret('AAA', 'x'), secret('BBB', 'y'), {
        group: undefined,
        kind: 'Secret',
      }),
    ]);
    expect(object.fields).toEqual([
      { path: 'data.user', masked: true },
      { path: 'stringData.plain', masked: true },
      { path: 'metadata.labels.label', desired: 'x', live: 'y', masked: false },
    ]);
    expect(JSON.stringify(object)).not.toMatch(/AAA|BBB/);
  });

  it('tells what is only in Git from what is only in the cluster, and leaves hooks out', () => {
    expect(
      describeDrift([
        resource(deployment(), undefined),
        resource(undefined, deployment()),
        resource(deployment(), undefined, { hook: true }),
        resource(undefined, undefined),
      ]).map(({ change, fields }) => [change, fields]),
    ).toEqual([
      ['missing', []],
      ['added', []],
    ]);
  });

  it('bounds what it lists', () => {
    const map = (value: string) => ({
      kind: 'ConfigMap',
      metadata: { name: 'big' },
      data: Object.fromEntries(
        Array.from({ length: 500 }, (_, i) => [`line.${i}`, value]),
      ),
    });
    const [object] = describeDrift([
      resource(map('a'), map('b'.repeat(5000)), { kind: 'ConfigMap' }),
    ]);
    expect(object.fields).toHaveLength(100);
    expect(object.moreFields).toBe(400);
    expect(object.fields[0].path).toBe('data["line.0"]');
    expect(object.fields[0].live).toHaveLength(2000);
  });
});
