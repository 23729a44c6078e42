import { TestDatabases } from '@backstage/backend-test-utils';
import {
  requestDetailSchema,
  requestEventListSchema,
} from '@waystone/plugin-infrastructure-common';
import { body, startInfrastructure } from './__testUtils__/startInfrastructure';

jest.setTimeout(60_000);

const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
const supported = databases.supports('POSTGRES_18') ? describe : describe.skip;

const unfinished = {
  ...body,
  name: '',
  environment: '',
  parameters: { size: 'huge' },
};

supported('drafts of requests', () => {
  const start = async () => {
    const portal = await startInfrastructure(databases);
    const { call } = portal;
    return {
      ...portal,
      keep: (user: string, draft: object = unfinished, key = 'draft-key-1') =>
        call(user, 'post', '/drafts').set('Idempotency-Key', key).send(draft),
      namesOf: async (user: string, query = '') => {
        const { body: list } = await call(user, 'get', `/requests${query}`);
        return list.items.map(
          ({ name, status }: { name: string; status: string }) =>
            `${name} ${status}`,
        );
      },
    };
  };

  it('are kept unfinished, taken up by somebody of the team, and submitted', async () => {
    const { audited, call, keep, kubernetes, namesOf, until } = await start();
    const kept = await keep('maya').expect(201);
    const { id, version } = requestDetailSchema.parse(kept.body);
    expect(kept.body).toMatchObject({
      status: 'draft',
      draft: unfinished,
      actions: { update: true, delete: true, decide: false, reveal: false },
    });
    expect((await keep('maya').expect(201)).body.id).toBe(id);
    await keep('maya', { ...unfinished, name: 'x' }).expect(409);

    // As it is, it cannot be submitted, and nobody asked the cluster.
    const refused = await call('maya', 'post', `/drafts/${id}/submit`)
      .send({ version })
      .expect(400);
    expect(refused.body.error.message).toMatch(/Invalid request: name/);
    expect(kubernetes.writes).toEqual([]);

    const { body: saved } = await call('jonas', 'put', `/drafts/${id}`)
      .send({ ...body, version })
      .expect(200);
    expect(saved).toMatchObject({
      name: 'orders-db',
      namespace: 'ordering-development',
      draft: body,
    });
    await call('maya', 'put', `/drafts/${id}`)
      .send({ ...unfinished, version })
      .expect(409);
    expect(await namesOf('maya', '?status=draft')).toEqual(['orders-db draft']);

    const submit = () =>
      call('jonas', 'post', `/drafts/${id}/submit`).send({
        version: saved.version,
      });
    const { body: submitted } = await submit().expect(202);
    expect(submitted).toMatchObject({
      id,
      requester: 'user:default/jonas',
      monthlyCost: { amount: 18 },
    });
    expect(submitted).not.toHaveProperty('draft');
    await until(id, 'ready');
    // Sent again, it is the same request.
    expect((await submit().expect(202)).body.id).toBe(id);
    expect(kubernetes.objects.size).toBe(1);
    expect(await namesOf('priya')).toEqual(['orders-db ready']);

    const { items } = requestEventListSchema.parse(
      (await call('maya', 'get', `/requests/${id}/events`)).body,
    );
    expect(
      items.map(({ actor, type, to }) => [actor, to ?? type]).reverse(),
    ).toEqual([
      ['user:default/maya', 'draft'],
      ['user:default/jonas', 'changed'],
      ['user:default/jonas', 'provisioning'],
      ['waystone', 'applied'],
      ['waystone', 'ready'],
    ]);
    expect(items.at(-2)!.changes).toContainEqual({
      path: 'draft.name',
      before: '',
      after: 'orders-db',
    });
    expect(audited.map(({ eventId }) => eventId)).toEqual([
      'draft-create',
      'draft-create',
      'draft-create',
      'request-create',
      'draft-update',
      'draft-update',
      'request-create',
      'request-create',
    ]);
  });

  it('are nobody else’s business, whatever the policy lets them see', async () => {
    const { call, keep, namesOf } = await start();
    const { id, version } = (await keep('maya', body)).body;
    const path = `/requests/${id}`;
    for (const user of ['priya', 'tomas']) {
      expect(await namesOf(user)).toEqual([]);
      expect(await namesOf(user, '?status=draft')).toEqual([]);
      await call(user, 'get', path).expect(404);
      await call(user, 'get', `${path}/events`).expect(404);
      await call(user, 'put', `/drafts/${id}`)
        .send({ ...body, version })
        .expect(404);
      await call(user, 'post', `/drafts/${id}/submit`)
        .send({ version })
        .expect(404);
      await call(user, 'delete', `/drafts/${id}`).expect(404);
    }
    await keep('priya', body).expect(403);
    // Nor may a team write drafts into another one's list.
    await call('maya', 'put', `/drafts/${id}`)
      .send({ ...body, owner: 'group:default/fulfilment', version })
      .expect(403);
    expect(await namesOf('jonas')).toEqual(['orders-db draft']);
    expect(await namesOf('jonas', '?requester=user:default/maya')).toHaveLength(
      1,
    );
  });

  it('take no name and no budget, and are over when they are discarded', async () => {
    const { call, create, keep, namesOf, until } = await start();
    const { body: draft } = await keep('maya', body);
    await keep('maya', body, 'draft-key-2').expect(201);
    const { body: made } = await create('maya').expect(202);
    await until(made.id, 'ready');
    const preview = await call('maya', 'post', '/requests/preview').send({
      ...body,
      name: 'other-db',
    });
    expect(preview.body.cost.budget.used).toBe(18);
    // Its name is taken now.
    await call('maya', 'post', `/drafts/${draft.id}/submit`)
      .send({ version: draft.version })
      .expect(409);

    // What is done with requests is not done with drafts.
    for (const rest of ['live', 'connection', 'deletion', 'consumers']) {
      await call('maya', 'get', `/requests/${draft.id}/${rest}`).expect(409);
    }
    await call(
      'maya',
      'delete',
      `/requests/${draft.id}?confirm=orders-db`,
    ).expect(409);

    await call('jonas', 'delete', `/drafts/${draft.id}`).expect(200);
    await call('jonas', 'delete', `/drafts/${draft.id}`).expect(409);
    await call('maya', 'post', `/drafts/${draft.id}/submit`)
      .send({ version: draft.version })
      .expect(409);
    expect((await namesOf('maya')).sort()).toEqual([
      'orders-db draft',
      'orders-db ready',
    ]);
    await call('maya', 'get', `/requests/${draft.id}`).expect(200);
    await call('priya', 'get', `/requests/${draft.id}`).expect(404);
    await call('maya', 'delete', `/drafts/${made.id}`).expect(409);
  });
});
