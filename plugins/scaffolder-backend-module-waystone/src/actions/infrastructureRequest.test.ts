import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMockDirectory } from '@backstage/backend-test-utils';
import { NotAllowedError } from '@backstage/errors';
import { readEnvironments } from '@waystone/environments';
import { ConfigReader } from '@backstage/config';
import type {
  InfrastructureRequests,
  RequestedInfrastructure,
} from '../infrastructure/InfrastructureRequests';
import { MemoryInventory } from '../__testUtils__/MemoryInventory';
import { runAction } from '../__testUtils__/runAction';
import { createInfrastructureRequestAction } from './createInfrastructureRequestAction';

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

const directory = createMockDirectory();
const workspacePath = directory.path;

describe('waystone:infrastructure:request', () => {
  const create = jest.fn();
  const states: string[] = [];
  const request = (environment: string, status: string) =>
    ({
      id: `id-${environment}`,
      kind: 'PostgreSQLInstance',
      name: 'loyalty-database',
      environment,
      status,
    } as RequestedInfrastructure);
  let inventory: MemoryInventory;
  const actionOf = () =>
    createInfrastructureRequestAction({
      config: { environments },
      interval: 1,
      inventory,
      requests: {
        create,
        get: async () => request('development', states.shift() ?? 'ready'),
      } as unknown as InfrastructureRequests,
    });
  const input = {
    requests: ['development', 'production'].map(environment => ({
      kind: 'PostgreSQLInstance',
      name: 'loyalty-database',
      environment,
      parameters: { size: 'small' },
    })),
    waitIn: ['development'],
  };

  beforeEach(() => {
    directory.clear();
    mkdirSync(join(workspacePath, 'deploy'));
    writeFileSync(
      join(workspacePath, 'deploy/application.yaml'),
      `apiVersion: platform.waystone.dev/v1alpha1
kind: Application
metadata: { name: loyalty }
spec: { owner: orders, system: ordering, version: 1.0.0 }
`,
    );
    inventory = new MemoryInventory();
    states.length = 0;
    create.mockReset();
    create.mockImplementation(async ({ environment }) =>
      request(
        environment,
        environment === 'production' ? 'awaiting-approval' : 'provisioning',
      ),
    );
  });

  it('asks once, whose it is, and waits where it has to', async () => {
    states.push('provisioning', 'ready');
    const { output, log } = await runAction(actionOf(), {
      workspacePath,
      input,
      taskId: 't1',
    });
    expect(output.requests).toEqual([
      expect.objectContaining({ environment: 'development', status: 'ready' }),
      expect.objectContaining({
        environment: 'production',
        status: 'awaiting-approval',
      }),
    ]);
    expect(log).toContain('loyalty-database in development is ready');
    expect(create.mock.calls[0][0]).toEqual({
      kind: 'PostgreSQLInstance',
      name: 'loyalty-database',
      environment: 'development',
      parameters: { size: 'small' },
      system: 'ordering',
      owner: 'group:default/orders',
      component: 'component:default/loyalty',
      costCenter: 'cc-orders',
    });
    const keys = create.mock.calls.map(([, key]) => key);
    expect(new Set(keys).size).toBe(2);

    await runAction(actionOf(), { workspacePath, input, taskId: 't1' });
    expect(create.mock.calls.slice(2).map(([, key]) => key)).toEqual(keys);
    expect(inventory.summary).toEqual([
      'infrastructure-request loyalty-database in development created',
      'infrastructure-request loyalty-database in production created',
    ]);
  });

  it('says what was refused, and what ended badly', async () => {
    create.mockRejectedValueOnce(
      Object.assign(new NotAllowedError('Request failed'), {
        statusCode: 403,
        body: { error: { message: 'The budget of the team is used up' } },
      }),
    );
    await expect(
      runAction(actionOf(), { workspacePath, input }),
    ).rejects.toThrow(
      'PostgreSQLInstance loyalty-database in development cannot be requested: The budget of the team is used up',
    );
    expect(inventory.summary).toEqual([]);

    states.push('failed');
    await expect(
      runAction(actionOf(), { workspacePath, input }),
    ).rejects.toThrow(
      'loyalty-database in development is not ready: it is failed',
    );
  });

  it('asks for nothing in a dry run', async () => {
    const { log } = await runAction(actionOf(), {
      workspacePath,
      input,
      isDryRun: true,
    });
    expect(create).not.toHaveBeenCalled();
    expect(log).toContain(
      'Would ask for PostgreSQLInstance loyalty-database in production',
    );
  });
});
