import {
  mockServices,
  ServiceFactoryTester,
  TestDatabases,
} from '@backstage/backend-test-utils';
import { Client } from 'pg';
import { startGateServiceFactory } from './startGateServiceFactory';

jest.setTimeout(60_000);

describe('startGateServiceFactory', () => {
  const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });

  const settings = async () => {
    const knex = await databases.init('POSTGRES_18');
    const { host, port, user, password, database } =
      knex.client.config.connection;
    return { host, port, user, password, database };
  };

  /** Enters the gate as a replica does; `started` is what happens when all its plugins have started. */
  const replica = (connection: object, prefix: string) => {
    const lifecycle = mockServices.rootLifecycle.mock();
    const logger = mockServices.rootLogger.mock();
    const entered = ServiceFactoryTester.from(startGateServiceFactory, {
      dependencies: [
        lifecycle.factory,
        logger.factory,
        mockServices.rootConfig.factory({
          data: {
            backend: {
              database: { client: 'pg', connection: { ...connection }, prefix },
            },
          },
        }),
      ],
    }).getSubject();
    return {
      logger,
      entered,
      started: () =>
        Promise.all(
          lifecycle.addStartupHook.mock.calls.map(([hook]) => hook()),
        ),
    };
  };

  it('should let one replica start at a time', async () => {
    const connection = await settings();
    const first = replica(connection, 'no_such_');
    await first.entered;

    const second = replica(connection, 'no_such_');
    const inside = jest.fn();
    const entered = Promise.resolve(second.entered).then(inside);
    await new Promise(resolve => setTimeout(resolve, 500));
    expect(inside).not.toHaveBeenCalled();
    expect(second.logger.info).toHaveBeenCalledWith(
      'Another replica is starting; waiting for it',
    );

    await first.started();
    await entered;
    await second.started();
  });

  it('should open migration locks that a killed start left behind', async () => {
    const connection = await settings();
    const client = new Client(connection);
    await client.connect();
    try {
      await client.query(
        'CREATE TABLE catalog__knex_migrations_lock (index int PRIMARY KEY, is_locked int)',
      );
      await client.query(
        'INSERT INTO catalog__knex_migrations_lock VALUES (1, 1)',
      );

      const gate = replica(connection, connection.database);
      await gate.entered;
      const { rows } = await client.query(
        'SELECT is_locked FROM catalog__knex_migrations_lock',
      );
      expect(rows).toEqual([{ is_locked: 0 }]);
      await gate.started();
    } finally {
      await client.end();
    }
  });
});
