import { Client } from 'pg';
import { createKubernetesCluster } from '../kubernetes/createKubernetesCluster';
import type { RunningKubernetesCluster } from '../kubernetes/createKubernetesCluster';
import { findCondition } from '../kubernetes/controllers/conditions';
import type {
  KubernetesObject,
  ObjectRef,
} from '../kubernetes/KubernetesCluster';
import { createTestContext } from '../testUtils/createTestContext';
import { createCrossplane } from './createCrossplane';
import type { Crossplane } from './createCrossplane';
import { readCrossplaneExamples } from './readExamples';

const DATABASE_URL =
  process.env.BACKSTAGE_TEST_DATABASE_POSTGRES18_CONNECTION_STRING;
const url = DATABASE_URL ? new URL(DATABASE_URL) : undefined;

jest.setTimeout(60_000);

const postgres = (name: string, spec: object = {}): KubernetesObject => ({
  apiVersion: 'platform.waystone.dev/v1alpha1',
  kind: 'PostgreSQLInstance',
  metadata: { name, namespace: 'default' },
  spec,
});

const refTo = ({
  apiVersion,
  kind,
  metadata,
}: KubernetesObject): ObjectRef => ({
  apiVersion,
  kind,
  name: metadata.name!,
  namespace: metadata.namespace,
});

describe('Crossplane of the sandbox', () => {
  // Another name for each run: databases are shared by all runs on one PostgreSQL.
  const name = `test-${Math.random().toString(36).slice(2, 8)}`;
  let cluster: RunningKubernetesCluster;
  let crossplane: Crossplane;

  /** Waits until the cluster is as asked, looking again after each change. */
  const until = async <T>(look: () => T | undefined | false): Promise<T> =>
    new Promise((resolve, reject) => {
      let end = () => {};
      const timeout = setTimeout(() => {
        end();
        reject(new Error(`Not reached: ${look}`));
      }, 30_000);
      const check = () => {
        const result = look();
        if (result) {
          clearTimeout(timeout);
          setImmediate(() => end());
          resolve(result);
        }
      };
      end = cluster.watch(undefined, check);
      check();
    });
  const conditionOf = (object: KubernetesObject, type: string) =>
    findCondition(cluster.get(refTo(object))?.status?.conditions, type);
  const untilReady = (object: KubernetesObject) =>
    until(() => conditionOf(object, 'Ready')?.status === 'True');
  const remove = async (object: KubernetesObject) => {
    cluster.delete(refTo(object));
    await until(() => !cluster.get(refTo(object)));
  };
  const secretOf = (secretName: string): Record<string, string> => {
    const secret = cluster.get({
      apiVersion: 'v1',
      kind: 'Secret',
      namespace: 'default',
      name: secretName,
    });
    return Object.fromEntries(
      Object.entries<string>(secret?.data ?? {}).map(([key, value]) => [
        key,
        Buffer.from(value, 'base64').toString(),
      ]),
    );
  };
  const query = async (uri: string, text: string) => {
    const client = new Client({ connectionString: uri });
    client.on('error', () => {});
    try {
      await client.connect();
      return (await client.query(text)).rows;
    } finally {
      await client.end().catch(() => {});
    }
  };

  beforeAll(async () => {
    cluster = createKubernetesCluster({ name });
    crossplane = createCrossplane(
      {
        ...createTestContext({ speed: 200 }),
        ...(url && {
          postgres: {
            host: url.hostname,
            port: Number(url.port),
            user: decodeURIComponent(url.username),
            password: decodeURIComponent(url.password),
          },
        }),
      },
      { clusters: [cluster] },
    );
    readCrossplaneExamples().forEach(object => cluster.create(object));
    await crossplane.start();
    await until(() =>
      ['PostgreSQLInstance', 'RedisInstance', 'Bucket', 'MessageQueue'].every(
        kind =>
          cluster.serves({
            apiVersion: 'platform.waystone.dev/v1alpha1',
            kind,
          }),
      ),
    );
  });

  afterAll(async () => {
    await crossplane.stop();
    await cluster.close();
  });

  it('makes kinds of definitions and revisions of Compositions', async () => {
    const definition = {
      apiVersion: 'apiextensions.crossplane.io/v2',
      kind: 'CompositeResourceDefinition',
      name: 'postgresqlinstances.platform.waystone.dev',
    };
    const established = await until(() =>
      findCondition(cluster.get(definition)?.status?.conditions, 'Established'),
    );
    expect(established).toMatchObject({
      status: 'True',
      reason: 'WatchingCompositeResource',
    });
    const revisions = await until(() => {
      const found = cluster.list({
        apiVersion: 'apiextensions.crossplane.io/v1',
        kind: 'CompositionRevision',
      });
      return found.length >= 4 && found;
    });
    expect(new Set(revisions.map(item => item.spec.revision))).toEqual(
      new Set([1]),
    );
    // The author's schema and Crossplane's fields.
    expect(() => cluster.create(postgres('wrong', { size: 'huge' }))).toThrow(
      /Unsupported value: "huge"/,
    );
  });

  it('gives simulated resources a secret and says that they are simulated', async () => {
    const redis = cluster.create({
      apiVersion: 'platform.waystone.dev/v1alpha1',
      kind: 'RedisInstance',
      metadata: { name: 'cache', namespace: 'default' },
      spec: { size: 'medium', highAvailability: true },
    });
    const unready = await until(() => {
      const condition = conditionOf(redis, 'Ready');
      return condition?.message === 'Unready resources: valkey' && condition;
    });
    expect(unready).toMatchObject({ status: 'False', reason: 'Creating' });
    await untilReady(redis);
    const composed = cluster.get({
      apiVersion: 'cache.cs.sap.com/v1alpha1',
      kind: 'Valkey',
      namespace: 'default',
      name: 'cache',
    })!;
    expect(composed.spec).toMatchObject({
      replicas: 3,
      sentinel: { enabled: true },
      tls: { enabled: true },
      binding: { secretName: 'cache-connection' },
      resources: { requests: { memory: '1Gi' } },
    });
    expect(composed.metadata).toMatchObject({
      labels: { 'crossplane.io/composite': 'cache' },
      annotations: {
        'crossplane.io/composition-resource-name': 'valkey',
        'sandbox.waystone.dev/simulated': 'true',
      },
      ownerReferences: [{ kind: 'RedisInstance', name: 'cache' }],
    });
    expect(findCondition(composed.status.conditions, 'Ready')!.message).toMatch(
      /^Simulated/,
    );
    expect(secretOf('cache-connection')).toMatchObject({
      host: 'valkey-cache-primary.default.svc.cluster.local',
      uri: expect.stringMatching(/^rediss:/),
      port: '6379',
    });
    expect(cluster.get(refTo(redis))!.status.connectionSecret).toEqual({
      name: 'cache-connection',
    });

    cluster.delete(refTo(redis));
    await until(() => !cluster.get(refTo(redis)));
    expect(cluster.get(refTo(composed))).toBeUndefined();
  });

  it.each([
    ['MongoDBInstance', { version: '8.0', highAvailability: true }],
    ['Environment', { allowIngressFrom: 'cluster' }],
    [
      'PersistentVolume',
      { accessMode: 'ReadWriteMany', source: { volume: 'orders-files' } },
    ],
    ['DNSRecord', { host: 'orders.example.org', targets: ['example.org'] }],
    ['WebRoute', { host: 'orders.example.org', service: 'orders' }],
    [
      'ServerlessFunction',
      {
        image: 'ghcr.io/example/resize:1.4.0',
        env: [{ name: 'LEVEL', value: 'debug' }],
      },
    ],
    ['VirtualMachine', { sshKey: 'ssh-ed25519 AAAAC3Nza maya@example' }],
    ['KafkaTopic', { retentionHours: 24, compacted: true }],
    ['Bucket', {}],
    ['MessageQueue', {}],
  ])('composes a %s that becomes ready', async (kind, spec) => {
    const composite = cluster.create({
      apiVersion: 'platform.waystone.dev/v1alpha1',
      kind,
      metadata: {
        name: 'try',
        namespace: 'default',
        labels: { owner: 'orders' },
      },
      spec,
    });
    await untilReady(composite);
    expect(conditionOf(composite, 'Synced')).toMatchObject({ status: 'True' });
    const { connectionSecret } = cluster.get(refTo(composite))!.status;
    const keys = Object.keys(secretOf(connectionSecret?.name ?? ''));
    expect(keys.length > 0).toBe(connectionSecret !== undefined);
    // Whatever has a connection is in Vault too.
    const pushed = cluster.get({
      apiVersion: 'external-secrets.io/v1alpha1',
      kind: 'PushSecret',
      namespace: 'default',
      name: 'try',
    });
    expect(pushed?.spec.selector.secret.name).toBe(connectionSecret?.name);
    expect(pushed?.spec.data[0].match.remoteRef.remoteKey).toBe(
      connectionSecret && 'default/try',
    );
    await remove(composite);
  });

  it('says why it cannot compose', async () => {
    const breakPipeline = (step: object) =>
      cluster.apply(
        {
          apiVersion: 'apiextensions.crossplane.io/v1',
          kind: 'Composition',
          metadata: { name: 'queue-broken' },
          spec: {
            compositeTypeRef: {
              apiVersion: 'platform.waystone.dev/v1alpha1',
              kind: 'MessageQueue',
            },
            mode: 'Pipeline',
            pipeline: [step],
          },
        } as KubernetesObject,
        { fieldManager: 'test', force: true },
      );
    breakPipeline({
      step: 'render',
      functionRef: { name: 'function-kcl' },
      input: { apiVersion: 'krm.kcl.dev/v1alpha1', kind: 'KCLInput' },
    });
    const queue = cluster.create({
      apiVersion: 'platform.waystone.dev/v1alpha1',
      kind: 'MessageQueue',
      metadata: { name: 'jobs', namespace: 'default' },
      spec: { crossplane: { compositionRef: { name: 'queue-broken' } } },
    });
    const message = (pattern: RegExp) =>
      until(() => {
        const synced = conditionOf(queue, 'Synced');
        return pattern.test(synced?.message ?? '') && synced;
      });
    await expect(message(/function-kcl/)).resolves.toMatchObject({
      status: 'False',
      reason: 'ReconcileError',
    });
    // A better revision is taken without being asked.
    breakPipeline({
      step: 'render',
      functionRef: { name: 'function-patch-and-transform' },
      input: {
        apiVersion: 'pt.fn.crossplane.io/v1beta1',
        kind: 'Resources',
        resources: [
          {
            name: 'settings',
            base: { apiVersion: 'v1', kind: 'ConfigMap' },
            patches: [
              {
                fromFieldPath: 'spec.size',
                toFieldPath: 'data.size',
                transforms: [{ type: 'map', map: { large: 'L' } }],
              },
            ],
            readinessChecks: [{ type: 'None' }],
          },
        ],
      },
    });
    await message(/key small is not found in map/);
    cluster.patch(refTo(queue), { spec: { size: 'large' } });
    await untilReady(queue);
    const [reference] = cluster.get(refTo(queue))!.spec.crossplane.resourceRefs;
    expect(reference.name).toMatch(/^jobs-[0-9a-f]{12}$/);
    expect(cluster.get({ ...reference, namespace: 'default' })!.data).toEqual({
      size: 'L',
    });
    expect(conditionOf(queue, 'Synced')).toMatchObject({
      reason: 'ReconcileSuccess',
    });

    cluster.patch(refTo(queue), {
      metadata: { annotations: { 'crossplane.io/paused': 'true' } },
    });
    await until(
      () => conditionOf(queue, 'Synced')?.reason === 'ReconcilePaused',
    );
  });

  it('serves definitions of the first API with claims', async () => {
    // Upstream's own end-to-end manifests, shortened.
    cluster.create({
      apiVersion: 'apiextensions.crossplane.io/v1',
      kind: 'CompositeResourceDefinition',
      metadata: { name: 'xnopresources.nop.example.org' },
      spec: {
        group: 'nop.example.org',
        names: { kind: 'XNopResource', plural: 'xnopresources' },
        claimNames: { kind: 'NopResource', plural: 'nopresources' },
        versions: [
          {
            name: 'v1alpha1',
            served: true,
            referenceable: true,
            schema: {
              openAPIV3Schema: {
                type: 'object',
                properties: {
                  spec: {
                    type: 'object',
                    required: ['coolField'],
                    properties: { coolField: { type: 'string' } },
                  },
                  status: {
                    type: 'object',
                    properties: { coolerField: { type: 'string' } },
                  },
                },
              },
            },
          },
        ],
      },
    });
    cluster.create({
      apiVersion: 'apiextensions.crossplane.io/v1',
      kind: 'Composition',
      metadata: { name: 'nop' },
      spec: {
        compositeTypeRef: {
          apiVersion: 'nop.example.org/v1alpha1',
          kind: 'XNopResource',
        },
        mode: 'Pipeline',
        pipeline: [
          {
            step: 'be-a-dummy',
            functionRef: { name: 'function-dummy' },
            input: {
              apiVersion: 'dummy.fn.crossplane.io/v1beta1',
              kind: 'Response',
              response: {
                desired: {
                  composite: {
                    resource: { status: { coolerField: "I'M COOLER!" } },
                  },
                  resources: {
                    configmap: {
                      resource: {
                        apiVersion: 'v1',
                        kind: 'ConfigMap',
                        metadata: { namespace: 'default' },
                        data: { coolData: "I'm cool!" },
                      },
                      ready: 'READY_TRUE',
                    },
                  },
                },
              },
            },
          },
        ],
      },
    });
    const type = {
      apiVersion: 'nop.example.org/v1alpha1',
      kind: 'NopResource',
    };
    await until(() => cluster.serves(type));
    const claim = cluster.create({
      ...type,
      metadata: { name: 'cool', namespace: 'default' },
      spec: { coolField: "I'm cool!", compositeDeletePolicy: 'Foreground' },
    });
    await untilReady(claim);
    const { resourceRef } = cluster.get(refTo(claim))!.spec;
    expect(cluster.get(refTo(claim))!.status.coolerField).toBe("I'M COOLER!");
    const composite = cluster.get(resourceRef)!;
    expect(composite.metadata.labels).toEqual({
      'crossplane.io/claim-name': 'cool',
      'crossplane.io/claim-namespace': 'default',
      'crossplane.io/composite': composite.metadata.name,
    });
    const [composed] = composite.spec.resourceRefs;
    expect(cluster.get(composed)!.data).toEqual({ coolData: "I'm cool!" });
    await remove(claim);
    expect(cluster.get(resourceRef)).toBeUndefined();
    expect(cluster.get(composed)).toBeUndefined();
  });

  it('comes to rest', async () => {
    const bucket = cluster.create({
      apiVersion: 'platform.waystone.dev/v1alpha1',
      kind: 'Bucket',
      metadata: { name: 'files', namespace: 'default' },
      spec: {},
    });
    await untilReady(bucket);
    const version = cluster.get(refTo(bucket))!.metadata.resourceVersion;
    let writes = 0;
    const end = cluster.watch(
      { apiVersion: 'platform.waystone.dev/v1alpha1', kind: 'Bucket' },
      ({ type }) => {
        writes += type === 'MODIFIED' ? 1 : 0;
      },
    );
    cluster.patch(refTo(bucket), { metadata: { labels: { touched: 'yes' } } });
    await until(() => cluster.get(refTo(bucket))!.metadata.labels?.touched);
    await new Promise(resolve => setTimeout(resolve, 200));
    end();
    expect(writes).toBe(1);
    expect(cluster.get(refTo(bucket))!.metadata.resourceVersion).not.toBe(
      version,
    );
  });

  (url ? describe : describe.skip)('with PostgreSQL', () => {
    it('makes a real database, backs it up, restores it and drops it', async () => {
      const orders = cluster.create(postgres('orders', { size: 'small' }));
      await untilReady(orders);
      expect(cluster.get(refTo(orders))!.status).toMatchObject({
        clusterName: 'orders',
        connectionSecret: { name: 'orders-app' },
        phase: 'Cluster in healthy state',
        readyInstances: 1,
      });
      for (const service of ['orders-rw', 'orders-ro', 'orders-r']) {
        expect(
          cluster.get({
            apiVersion: 'v1',
            kind: 'Service',
            namespace: 'default',
            name: service,
          }),
        ).toBeDefined();
      }
      const access = secretOf('orders-app');
      expect(Object.keys(access).sort()).toEqual(
        [
          'dbname',
          'fqdn-jdbc-uri',
          'fqdn-uri',
          'host',
          'jdbc-uri',
          'password',
          'pgpass',
          'port',
          'uri',
          'user',
          'username',
        ].sort(),
      );
      await query(access.uri, 'CREATE TABLE orders (id int PRIMARY KEY)');
      await query(access.uri, 'INSERT INTO orders VALUES (1), (2)');

      const backup = cluster.create({
        apiVersion: 'postgresql.cnpg.io/v1',
        kind: 'Backup',
        metadata: { name: 'orders-before', namespace: 'default' },
        spec: { cluster: { name: 'orders' } },
      });
      await until(
        () => cluster.get(refTo(backup))?.status?.phase === 'completed',
      );
      await query(access.uri, 'DELETE FROM orders');

      const { backupId } = cluster.get(refTo(backup))!.status;
      const restored = cluster.create(
        postgres('restored', {
          restoreFrom: { instance: 'orders', backupID: backupId },
        }),
      );
      await untilReady(restored);
      const copy = secretOf('restored-app');
      await expect(
        query(copy.uri, 'SELECT id FROM orders ORDER BY id'),
      ).resolves.toEqual([{ id: 1 }, { id: 2 }]);
      // The tables belong to the new account, and nobody else gets in.
      await query(copy.uri, 'ALTER TABLE orders ADD COLUMN note text');
      const foreign = new URL(copy.uri);
      foreign.username = access.username;
      foreign.password = access.password;
      await expect(query(foreign.href, 'SELECT 1')).rejects.toThrow(
        /permission denied/,
      );
      await expect(query(access.uri, 'SELECT * FROM orders')).resolves.toEqual(
        [],
      );

      // Whoever deletes the Secret gets another password, and the old one opens nothing any more.
      cluster.delete({
        apiVersion: 'v1',
        kind: 'Secret',
        namespace: 'default',
        name: 'orders-app',
      });
      const renewed = await until(() => {
        const { uri } = secretOf('orders-app');
        return uri && uri !== access.uri && uri;
      });
      while ((await query(renewed, 'SELECT 1').catch(() => true)) === true) {
        await new Promise(resolve => setTimeout(resolve, 50));
      }
      await expect(query(renewed, 'SELECT 1 AS one')).resolves.toEqual([
        { one: 1 },
      ]);
      await expect(query(access.uri, 'SELECT 1')).rejects.toThrow(
        /password authentication failed/,
      );

      await remove(orders);
      await remove(restored);
      await remove(backup);
      await expect(query(access.uri, 'SELECT 1')).rejects.toThrow();
      const left = await query(
        DATABASE_URL!,
        `SELECT datname FROM pg_database WHERE datname IN ('${access.dbname}', '${copy.dbname}')
         UNION SELECT rolname FROM pg_roles WHERE rolname IN ('${access.username}', '${copy.username}')`,
      );
      expect(left).toEqual([]);
    });

    it('breaks and repairs a database', async () => {
      const ledger = cluster.create(
        postgres('ledger', { highAvailability: true }),
      );
      await untilReady(ledger);
      const ref = { cluster: name, namespace: 'default', name: 'ledger' };
      const { uri } = secretOf('ledger-app');
      await expect(query(uri, 'SELECT 1 AS one')).resolves.toEqual([
        { one: 1 },
      ]);
      await crossplane.breakDatabase(ref);
      await until(() => conditionOf(ledger, 'Ready')?.status === 'False');
      expect(conditionOf(ledger, 'Synced')!.status).toBe('True');
      expect(conditionOf(ledger, 'Ready')).toMatchObject({
        reason: 'Creating',
        message: 'Unready resources: cluster',
      });
      await expect(query(uri, 'SELECT 1')).rejects.toThrow(
        /not currently accepting connections/,
      );
      await crossplane.repairDatabase(ref);
      await untilReady(ledger);
      await expect(query(uri, 'SELECT 1 AS one')).resolves.toEqual([
        { one: 1 },
      ]);
      const found = cluster.get({
        apiVersion: 'postgresql.cnpg.io/v1',
        kind: 'Cluster',
        namespace: 'default',
        name: 'ledger',
      })!;
      expect(found.status).toMatchObject({
        phase: 'Cluster in healthy state',
        readyInstances: 3,
        currentPrimary: 'ledger-2',
      });
      cluster.delete(refTo(ledger));
      await until(() => !cluster.get(refTo(ledger)));
    });
  });
});
