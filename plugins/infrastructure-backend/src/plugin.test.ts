import { TestDatabases } from '@backstage/backend-test-utils';
import { UpstreamError } from '@waystone/integrations';
import {
  backupListSchema,
  backupSchema,
  connectionSchema,
  consumersSchema,
  deletionPreviewSchema,
  discoveredListSchema,
  infrastructurePermissions,
  offeringListSchema,
  previewSchema,
  requestDetailSchema,
  requestEventListSchema,
  requestListSchema,
} from '@waystone/plugin-infrastructure-common';
import { policyDenial } from './__testUtils__/FakeKubernetes';
import {
  body,
  PASSWORD,
  startInfrastructure,
} from './__testUtils__/startInfrastructure';

jest.setTimeout(60_000);

const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
const supported = databases.supports('POSTGRES_18') ? describe : describe.skip;

supported('infrastructure backend', () => {
  const start = () => startInfrastructure(databases);

  it('goes the whole way: offered, previewed, requested, ready, connected, deleted', async () => {
    const { audited, call, create, kubernetes, until } = await start();
    const offerings = offeringListSchema.parse(
      (await call('maya', 'get', '/offerings')).body,
    );
    expect(offerings.items).toMatchObject([
      {
        title: 'PostgreSQL',
        category: 'Databases',
        state: 'available',
        environments: ['development', 'production'],
        priceFrom: { amount: 18, currency: 'EUR' },
      },
    ]);

    const preview = previewSchema.parse(
      (await call('maya', 'post', '/requests/preview').send(body)).body,
    );
    expect(preview).toMatchObject({
      submittable: true,
      verdicts: [],
      cost: { monthly: 18, budget: { limit: 40, used: 0, state: 'ok' } },
      approval: { required: false },
      namespace: 'ordering-development',
    });
    expect(kubernetes.writes).toEqual([{ dryRun: true, name: 'orders-db' }]);

    const accepted = await create('maya').expect(202);
    const { id } = requestDetailSchema.parse(accepted.body);
    await until(id, 'ready');
    // What the cluster accepted in the preview it is not asked again.
    expect(kubernetes.writes.filter(({ dryRun }) => dryRun)).toHaveLength(1);
    const [object] = kubernetes.objects.values();
    expect(object).toMatchObject({
      kind: 'PostgreSQLInstance',
      metadata: {
        namespace: 'ordering-development',
        labels: { 'cost-center': 'cc-orders', 'waystone.dev/request': id },
      },
      spec: { version: '16', size: 'small' },
    });
    const connection = connectionSchema.parse(
      (await call('jonas', 'get', `/requests/${id}/connection`)).body,
    );
    expect(connection).toMatchObject({
      secret: 'orders-db-app',
      keys: ['password', 'uri'],
    });
    expect(JSON.stringify(connection)).not.toContain(PASSWORD);
    const revealed = await call(
      'jonas',
      'post',
      `/requests/${id}/connection/reveal`,
    ).send({ key: 'password' });
    expect(revealed.body).toEqual({ key: 'password', value: PASSWORD });
    expect(revealed.headers['cache-control']).toBe('no-store');

    await call('maya', 'delete', `/requests/${id}?confirm=other`).expect(400);
    await call('maya', 'delete', `/requests/${id}?confirm=orders-db`).expect(
      202,
    );
    await until(id, 'deleted');
    expect(kubernetes.objects.size).toBe(0);

    const events = requestEventListSchema.parse(
      (await call('priya', 'get', `/requests/${id}/events`)).body,
    );
    expect(events.items.map(({ type, to }) => to ?? type).reverse()).toEqual([
      'provisioning',
      'applied',
      'ready',
      'revealed',
      'deleting',
      'deleted',
    ]);
    expect(
      audited.map(({ eventId, outcome }) => `${eventId} ${outcome}`),
    ).toEqual([
      'request-create success',
      'connection-reveal success',
      'request-delete fail',
      'request-delete success',
    ]);
    // Neither the audit log nor the history has a value.
    expect(JSON.stringify([audited, events])).not.toContain(PASSWORD);
  });

  it('shows what the cluster says at the field that causes it', async () => {
    const { call, kubernetes } = await start();
    const verdictsOf = async (changes: object) =>
      (
        await call('maya', 'post', '/requests/preview').send({
          ...body,
          ...changes,
        })
      ).body.verdicts;
    kubernetes.failure = policyDenial(
      'require-cost-center',
      'you must provide labels: {"cost-center"}',
    );
    expect(await verdictsOf({})).toEqual([
      expect.objectContaining({
        source: 'policy',
        field: 'costCenter',
        policy: 'require-cost-center',
      }),
    ]);
    kubernetes.failure = policyDenial(
      'sizes',
      'spec.size: <large> is not allowed here',
    );
    expect(await verdictsOf({})).toEqual([
      expect.objectContaining({ field: 'parameters.size' }),
    ]);
    kubernetes.failure = undefined;
    expect(
      await verdictsOf({
        name: '../../secrets',
        parameters: { size: 'huge', backup: { days: 1 }, restoreFrom: {} },
      }),
    ).toEqual([
      expect.objectContaining({ source: 'form', field: 'name' }),
      expect.objectContaining({
        field: 'parameters.backup.days',
        message: 'is not a field of this offering',
      }),
      expect.objectContaining({
        field: 'parameters.size',
        message: expect.stringContaining('small, medium, large'),
      }),
      expect.objectContaining({ field: 'parameters.restoreFrom.instance' }),
    ]);
    // Not asked with a name that is none.
    expect(kubernetes.writes).toEqual([]);
  });

  it('asks somebody else for production, and lets nobody approve their own', async () => {
    const { call, create, notifications, until } = await start();
    const { body: asked } = await create('maya', {
      environment: 'production',
      reason: 'Launch',
    }).expect(202);
    expect(asked).toMatchObject({
      status: 'awaiting-approval',
      approvers: ['user:default/jonas', 'group:default/platform'],
      actions: { decide: false },
    });
    expect(notifications.send).toHaveBeenCalledWith(
      expect.objectContaining({
        recipients: {
          type: 'entity',
          entityRef: ['user:default/jonas', 'group:default/platform'],
          excludeEntityRef: 'user:default/maya',
        },
      }),
    );
    const decide = (user: string, decision: string) =>
      call(user, 'post', `/requests/${asked.id}/${decision}`).send({
        comment: 'Fine',
      });
    await decide('maya', 'approve').expect(403);
    await decide('priya', 'approve').expect(403);
    const inbox = async (user: string) =>
      requestListSchema.parse(
        (await call(user, 'get', '/requests?decidable=true')).body,
      ).items.length;
    expect([await inbox('jonas'), await inbox('tomas')]).toEqual([1, 1]);
    expect([await inbox('maya'), await inbox('priya')]).toEqual([0, 0]);
    await decide('jonas', 'approve').expect(200);
    await decide('tomas', 'reject').expect(403);
    const ready = await until(asked.id, 'ready');
    expect(ready.deletionProtection).toBe(true);
    await call(
      'maya',
      'delete',
      `/requests/${asked.id}?confirm=orders-db`,
    ).expect(409);

    // Whoever leads the team may not decide on what they asked for themselves.
    const { body: own } = await create('jonas', {
      environment: 'production',
      name: 'second-db',
    });
    await call('jonas', 'post', `/requests/${own.id}/approve`)
      .send({})
      .expect(403);
    await call('tomas', 'post', `/requests/${own.id}/reject`)
      .send({ comment: 'Not now' })
      .expect(200);
    await until(own.id, 'rejected');
  });

  it('lets another team neither change nor delete nor see the secret', async () => {
    const { audited, call, create, until } = await start();
    const { body: made } = await create('maya');
    await until(made.id, 'ready');
    const path = `/requests/${made.id}`;
    await call('priya', 'get', `${path}/connection`).expect(403);
    await call('priya', 'post', `${path}/connection/reveal`)
      .send({ key: 'password' })
      .expect(403);
    await call('priya', 'patch', path)
      .send({ version: made.version, parameters: {} })
      .expect(403);
    await call('priya', 'delete', `${path}?confirm=orders-db`).expect(403);
    await create('priya').expect(403);
    // In one's own team, and somewhere where it has nothing.
    await create('priya', { owner: 'group:default/fulfilment' }).expect(400);
    expect(audited.slice(1).every(({ outcome }) => outcome === 'fail')).toBe(
      true,
    );
    const events = audited.map(({ eventId }) => eventId);
    // What was refused is noted by itself too
    expect(events).toContain('permission-denied');
    expect(events.filter(event => event !== 'permission-denied')).toEqual([
      'request-create',
      'connection-reveal',
      'request-update',
      'request-delete',
      'request-create',
      'request-create',
    ]);
  });

  it('updates, asks beyond the budget, and takes a change only once', async () => {
    const { call, create, kubernetes, until } = await start();
    const { body: made } = await create('maya');
    const ready = await until(made.id, 'ready');
    const update = (changes: object) =>
      call('maya', 'patch', `/requests/${made.id}`).send(changes);
    await update({
      version: ready.version,
      parameters: { version: '17', size: 'small' },
    }).expect(200);
    await update({ version: ready.version, timeToLiveDays: 5 }).expect(409);
    await until(made.id, 'ready');
    expect([...kubernetes.objects.values()][0].spec.version).toBe('17');

    await create('maya', { name: 'second' }).expect(202);
    const third = await create('maya', { name: 'third' }).expect(202);
    expect(third.body).toMatchObject({
      status: 'awaiting-approval',
      // Who spent the budget does not enlarge it.
      approvers: ['group:default/platform'],
    });
  });

  it('accepts while the cluster is down, and says so', async () => {
    const { call, create, kubernetes, until } = await start();
    kubernetes.failure = new UpstreamError({
      system: 'kubernetes',
      instance: 'nonprod',
      operation: 'apply',
      code: 'unreachable',
      reason: 'it refuses connections',
    });
    const { body: preview } = await call(
      'maya',
      'post',
      '/requests/preview',
    ).send(body);
    expect(preview).toMatchObject({
      submittable: true,
      verdicts: [{ severity: 'warning', source: 'cluster' }],
    });
    const { body: made } = await create('maya').expect(202);
    await call('maya', 'get', `/requests/${made.id}/live`).expect(503);
    kubernetes.failure = undefined;
    await until(made.id, 'ready');
  });

  it('lists definitions that cannot be used, with the reason', async () => {
    const { call, create, kubernetes } = await start();
    const [definition] = kubernetes.definitions;
    kubernetes.definitions = [
      {
        ...definition,
        spec: {
          ...definition.spec,
          versions: [
            {
              ...definition.spec.versions[0],
              schema: {
                openAPIV3Schema: {
                  properties: {
                    spec: { properties: { size: { type: 'nonsense' } } },
                  },
                },
              },
            },
          ],
        },
      },
    ];
    const { items } = (await call('maya', 'get', '/offerings')).body;
    expect(items).toMatchObject([
      { state: 'broken', problem: expect.stringContaining('schema') },
    ]);
    await create('maya').expect(400);
  });

  it('refuses at submit what the cluster would refuse, with the field', async () => {
    const { call, create, kubernetes, until } = await start();
    kubernetes.verdict = manifest =>
      (manifest.spec as { size?: string }).size === 'large'
        ? policyDenial('sizes', 'spec.size: <large> is not allowed here')
        : undefined;
    const { body: refused } = await create('maya', {
      parameters: { size: 'large' },
    }).expect(400);
    expect(refused.error.message).toBe(
      'Invalid request: parameters.size: sizes: spec.size: <large> is not allowed here',
    );
    const { body: made } = await create('maya').expect(202);
    const ready = await until(made.id, 'ready');
    await call('maya', 'patch', `/requests/${made.id}`)
      .send({ version: ready.version, parameters: { size: 'large' } })
      .expect(400);
    expect((await until(made.id, 'ready')).version).toBe(ready.version);
  });

  it('says what a change does, backs up, rotates and deletes with a last backup', async () => {
    const { audited, call, create, kubernetes, until } = await start();
    const { body: made } = await create('maya');
    const path = `/requests/${made.id}`;
    await until(made.id, 'ready');

    const { body: preview } = await call(
      'maya',
      'post',
      '/requests/preview',
    ).send({
      ...body,
      requestId: made.id,
      parameters: { version: '17', size: 'small' },
    });
    expect(preview.verdicts).toEqual([
      {
        severity: 'warning',
        source: 'change',
        field: 'parameters.version',
        message: expect.stringContaining('no way back'),
      },
    ]);

    const backup = backupSchema.parse(
      (await call('maya', 'post', `${path}/backups`).expect(202)).body,
    );
    const backups = backupListSchema.parse(
      (await call('priya', 'get', `${path}/backups`)).body,
    );
    expect(backups).toMatchObject({
      lastGoodAt: '2026-03-01T02:01:00Z',
      items: expect.arrayContaining([
        expect.objectContaining({ name: backup.name }),
      ]),
    });
    await call('priya', 'post', `${path}/backups`).expect(403);

    kubernetes.objects.set('consumer', {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'order-service' },
      spec: {
        template: {
          spec: {
            containers: [
              { envFrom: [{ secretRef: { name: 'orders-db-app' } }] },
            ],
          },
        },
      },
    });
    const consumers = consumersSchema.parse(
      (await call('maya', 'get', `${path}/consumers`)).body,
    );
    expect(consumers.workloads).toEqual([
      { kind: 'Deployment', name: 'order-service' },
    ]);
    await call('priya', 'post', `${path}/credentials/rotate`).expect(403);
    await call('maya', 'post', `${path}/credentials/rotate`).expect(202);
    expect(kubernetes.secretUid).not.toBe('first');

    await call('priya', 'get', `${path}/deletion`).expect(403);
    const deletion = deletionPreviewSchema.parse(
      (await call('maya', 'get', `${path}/deletion`)).body,
    );
    expect(deletion).toMatchObject({
      isProtected: false,
      canBackUp: true,
      lastGoodBackupAt: '2026-03-01T02:01:00Z',
      workloads: [{ kind: 'Deployment', name: 'order-service' }],
      objects: [{ kind: 'PostgreSQLInstance', name: 'orders-db' }],
    });
    await call(
      'maya',
      'delete',
      `${path}?confirm=orders-db&finalBackup=true`,
    ).expect(202);
    await until(made.id, 'deleted');
    expect(
      [...kubernetes.objects.values()]
        .filter(({ kind }) => kind === 'Backup')
        .map(({ metadata }) => metadata.name),
    ).toContain(`orders-db-final-${made.id.slice(0, 8)}`);
    expect(
      audited.map(({ eventId, outcome }) => `${eventId} ${outcome}`),
    ).toEqual(
      expect.arrayContaining([
        'backup-create success',
        'backup-create fail',
        'credentials-rotate success',
        'credentials-rotate fail',
      ]),
    );
  });

  it('finds what nobody requested here, and takes it over as it is', async () => {
    const { call, create, kubernetes, until } = await start();
    const found = {
      apiVersion: 'platform.waystone.dev/v1alpha1',
      kind: 'PostgreSQLInstance',
      metadata: {
        name: 'old-db',
        namespace: 'ordering-development',
        uid: 'long-there',
        labels: { owner: 'orders' },
        annotations: {
          'kubectl.kubernetes.io/last-applied-configuration': '{}',
        },
      },
      spec: { size: 'medium', crossplane: { resourceRefs: [] } },
    };
    kubernetes.objects.set(
      'platform.waystone.dev/v1alpha1 PostgreSQLInstance ordering-development old-db',
      found,
    );
    const { items } = discoveredListSchema.parse(
      (await call('priya', 'get', '/discovered')).body,
    );
    expect(items).toEqual([
      {
        cluster: 'nonprod',
        namespace: 'ordering-development',
        name: 'old-db',
        offering: body.offering,
        offeringTitle: 'PostgreSQL',
        kind: 'PostgreSQLInstance',
        environment: 'development',
        system: 'ordering',
        madeWith: 'kubectl',
        owner: 'orders',
        isReady: false,
      },
    ]);
    // Its name is not free for others.
    await create('maya', { name: 'old-db' }).expect(409);
    const adopt = (user: string, changes: object = {}) =>
      call(user, 'post', '/discovered/adopt')
        .set('Idempotency-Key', `adopt-by-${user}`)
        .send({
          cluster: 'nonprod',
          namespace: 'ordering-development',
          name: 'old-db',
          offering: body.offering,
          owner: 'group:default/orders',
          ...changes,
        });
    await adopt('priya').expect(403);
    await adopt('priya', { owner: 'group:default/fulfilment' }).expect(403);
    await adopt('maya', { name: 'nothing' }).expect(404);
    const { body: adopted } = await adopt('maya').expect(202);
    expect((await adopt('maya').expect(202)).body.id).toBe(adopted.id);
    const ready = await until(adopted.id, 'ready');
    expect(ready).toMatchObject({
      parameters: { size: 'medium' },
      deletionProtection: true,
    });
    const [live] = [...kubernetes.objects.values()];
    expect(live.metadata.labels).toMatchObject({
      'waystone.dev/request': adopted.id,
    });
    expect((await call('maya', 'get', '/discovered')).body.items).toEqual([]);
  });

  it('describes its routes', async () => {
    const { call } = await start();
    const { body: document } = await call('maya', 'get', '/openapi.json');
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths)).toEqual([
      '/offerings',
      '/requests/preview',
      '/requests',
      '/drafts',
      '/drafts/{id}',
      '/drafts/{id}/submit',
      '/requests/{id}',
      '/requests/{id}/events',
      '/requests/{id}/live',
      '/requests/{id}/approve',
      '/requests/{id}/reject',
      '/requests/{id}/retry',
      '/requests/{id}/connection',
      '/requests/{id}/connection/reveal',
      '/requests/{id}/backups',
      '/requests/{id}/consumers',
      '/requests/{id}/credentials/rotate',
      '/requests/{id}/deletion',
      '/discovered',
      '/discovered/adopt',
    ]);
    expect(infrastructurePermissions.map(({ name }) => name)).toEqual([
      'infrastructure.offering.read',
      ...['create', 'read', 'update', 'approve', 'reveal', 'delete'].map(
        action => `infrastructure.request.${action}`,
      ),
    ]);
  });
});
