import { mockCredentials, TestDatabases } from '@backstage/backend-test-utils';
import request from 'supertest';
import { readDefinition } from './__testUtils__/FakeKubernetes';
import { body, startInfrastructure } from './__testUtils__/startInfrastructure';

jest.setTimeout(60_000);

const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
const supported = databases.supports('POSTGRES_18') ? describe : describe.skip;

/** What means something to SQL, YAML, templates, HTML, shells and paths. */
const ODD = `'; DROP TABLE requests; -- "{{7*7}} \${x} <b>&amp;\n- !!js/x: |\t%s $(id) ../..`;

/** By what is wrong: what is sent in place of what is right, the status and what is said of it. */
const wrong: Record<string, [object, number, RegExp]> = {
  'an unknown offering': [{ offering: 'nothing.example.org' }, 400, /offering/],
  'an environment that does not exist': [
    { environment: 'moon' },
    400,
    /environment: There is no such environment; there are: development/,
  ],
  'a system of somebody else': [{ system: 'shipping' }, 400, /system/],
  'a team that one is not in': [
    { owner: 'group:default/fulfilment' },
    403,
    /infrastructure.request.create/,
  ],
  'a value that the schema does not allow': [
    { parameters: { size: 'huge' } },
    400,
    /parameters.size: must be equal to one of the allowed values: small/,
  ],
  'a value of another type': [
    { parameters: { storageGB: 'much' } },
    400,
    /parameters.storageGB: must be integer/,
  ],
  'a field that there is not': [
    { parameters: { unknown: true } },
    400,
    /parameters.unknown: is not a field/,
  ],
  'a field of every object': [
    { parameters: JSON.parse('{"__proto__": {"size": "large"}}') },
    400,
    /parameters.__proto__: is no name of a field/,
  ],
  'a missing field deep below': [
    { parameters: { restoreFrom: {} } },
    400,
    /parameters.restoreFrom.instance: must be set/,
  ],
  'a list instead of parameters': [{ parameters: [] }, 400, /parameters/],
  'a field of the request that there is not': [{ extra: true }, 400, /extra/],
  'an end in a protected environment': [
    { timeToLiveDays: 5, environment: 'production' },
    400,
    /timeToLiveDays/,
  ],
  'a megabyte': [{ reason: 'x'.repeat(1_000_000) }, 413, /too large/],
  'thousands of brackets': [
    {
      parameters: {
        size: JSON.parse(`${'['.repeat(2_000)}${']'.repeat(2_000)}`),
      },
    },
    400,
    /is nested more than/,
  ],
  'a zero in a text': [{ reason: 'a\0b' }, 400, /reason: has characters/],
  'half a character': [
    { parameters: { size: '\ud83d' } },
    400,
    /parameters.size: has characters/,
  ],
  ...Object.fromEntries(
    [
      'offering',
      'name',
      'environment',
      'system',
      'owner',
      'component',
      'costCenter',
    ].map(field => [
      `signs of other languages as ${field}`,
      [{ [field]: ODD }, 400, new RegExp(`Invalid request: ${field}`)],
    ]),
  ),
  'signs of other languages as a parameter': [
    { parameters: { restoreFrom: { instance: ODD } } },
    400,
    /parameters.restoreFrom.instance/,
  ],
};

/** By why it cannot be used: what is done to the definition, and the reason that is given. */
const unusable: Record<string, [(definition: any) => void, RegExp]> = {
  'no properties': [
    ({ spec }) => {
      spec.versions[0].schema.openAPIV3Schema.properties = {};
    },
    /Its schema has no properties below spec/,
  ],
  'a type that there is not': [
    ({ spec }) => {
      spec.versions[0].schema.openAPIV3Schema.properties.spec.properties.size.type =
        'sized';
    },
    /Its schema cannot be used/,
  ],
  'a pattern that is none': [
    ({ spec }) => {
      spec.versions[0].schema.openAPIV3Schema.properties.spec.properties.size =
        {
          type: 'string',
          pattern: '([',
        };
    },
    /Its schema cannot be used/,
  ],
  'no version that is served': [
    ({ spec }) => {
      spec.versions[0].served = false;
    },
    /No version/,
  ],
  'the whole cluster as its scope': [
    ({ spec }) => {
      spec.scope = 'Cluster';
    },
    /Its scope is Cluster/,
  ],
  'sizes that are no JSON': [
    ({ metadata }) => {
      metadata.annotations['waystone.dev/choices'] = '{';
    },
    /choices is not JSON/,
  ],
  'not being established': [
    definition => {
      definition.status = {
        conditions: [
          { type: 'Established', status: 'False', message: 'names clash' },
        ],
      };
    },
    /names clash/,
  ],
};

supported('bad input', () => {
  let started: ReturnType<typeof startInfrastructure> | undefined;
  const start = () => {
    started ??= startInfrastructure(databases);
    return started;
  };

  it.each(Object.entries(wrong))(
    'refuses %s, and previews and drafts say so too',
    async (_what, [changes, status, said]) => {
      const { call, create, kubernetes } = await start();
      const sent = { name: 'fine', ...changes };
      const before = kubernetes.objects.size;
      const refused = await create('maya', sent).expect(status);
      expect(refused.body.error.message).toMatch(said);
      expect(JSON.stringify(refused.body)).not.toMatch(/ at .*\.ts/);
      expect(kubernetes.objects.size).toBe(before);

      const preview = await call('maya', 'post', '/requests/preview').send({
        ...body,
        ...sent,
      });
      expect(preview.status === 200 ? preview.body.submittable : false).toBe(
        false,
      );
      expect(preview.status).toBeLessThan(500);
      const draft = await call('maya', 'post', '/drafts')
        .set('Idempotency-Key', `draft of ${status}`.replaceAll(' ', '-'))
        .send({ ...body, ...sent });
      expect(draft.status).toBeLessThan(500);
    },
  );

  it('keeps what is only text as it is', async () => {
    const { call, create, until } = await start();
    const { body: kept } = await create('maya', {
      name: 'odd',
      parameters: { size: 'medium' },
      reason: ODD,
    }).expect(202);
    expect(kept.reason).toBe(ODD);
    await until(kept.id, 'ready');
    const { body: found } = await call('maya', 'get', '/requests').query({
      q: ODD.slice(0, 90),
    });
    expect(found.items).toEqual([]);
  });

  it('takes a name once in a namespace, and tells two in others apart', async () => {
    const { create } = await start();
    const { body: one } = await create('maya', { name: 'twice' }).expect(202);
    const refused = await create('maya', { name: 'twice' }).expect(409);
    expect(refused.body.error.message).toMatch(
      /There is a PostgreSQLInstance 'twice' in ordering-development already/,
    );
    const { body: other } = await create('maya', {
      name: 'twice',
      system: 'returns',
    }).expect(202);
    expect(other.namespace).toBe('returns-development');
    expect(other.entityRef).not.toBe(one.entityRef);
  });

  it('takes a key once, and refuses it with another body', async () => {
    const { call } = await start();
    const send = (key: string, changes: object = {}) =>
      call('maya', 'post', '/requests')
        .set('Idempotency-Key', key)
        .send({ ...body, name: 'keyed', ...changes });
    const { body: first } = await send('the-same-key').expect(202);
    const { body: again } = await send('the-same-key').expect(202);
    expect(again.id).toBe(first.id);
    await send('the-same-key', { name: 'another' }).expect(409);
    await send('short').expect(400);
    await call('maya', 'post', '/requests').send(body).expect(400);
  });

  it('refuses a change of what is no longer so', async () => {
    const { call, create, until } = await startInfrastructure(databases);
    const { body: made } = await create('maya', { name: 'stale' }).expect(202);
    const { version } = await until(made.id, 'ready');
    const change = (days: number) =>
      call('maya', 'patch', `/requests/${made.id}`).send({
        version,
        timeToLiveDays: days,
      });
    expect((await change(5)).status).toBe(200);
    expect((await change(6)).status).toBe(409);
  });

  it('refuses addresses and queries that are none', async () => {
    const { call, server } = await start();
    await request(server)
      .get('/api/infrastructure/requests')
      .set('Authorization', mockCredentials.none.header())
      .expect(401);
    for (const query of [
      'limit=0',
      'cursor=nonsense',
      'status=nonsense',
      `cursor=${Buffer.from('["x", "y"]').toString('base64url')}`,
    ]) {
      const { status } = await call('maya', 'get', `/requests?${query}`);
      expect(status).toBe(400);
    }
    for (const id of [
      'not-an-id',
      '00000000-0000-4000-8000-000000000000',
      '%00',
      "'%20OR%201=1",
    ]) {
      await call('maya', 'get', `/requests/${id}`).expect(404);
    }
    await call('maya', 'post', '/requests')
      .set('Content-Type', 'application/json')
      .set('Idempotency-Key', 'a-key-of-its-own')
      .send('{"offering":')
      .expect(400);
  });

  it.each(Object.entries(unusable))(
    'lists a definition with %s as broken, with the reason',
    async (_what, [spoil, reason]) => {
      const { call, create, kubernetes } = await start();
      const definition = structuredClone(readDefinition());
      spoil(definition);
      kubernetes.definitions = [definition];
      try {
        const { body: listed } = await call('maya', 'get', '/offerings');
        expect(listed.items).toMatchObject([
          { state: 'broken', problem: expect.stringMatching(reason) },
        ]);
        const refused = await create('maya', { name: 'broken' }).expect(400);
        expect(refused.body.error.message).toMatch(reason);
      } finally {
        kubernetes.definitions = [readDefinition()];
      }
    },
  );
});
