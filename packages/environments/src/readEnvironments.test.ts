import { ConfigReader } from '@backstage/config';
import { readEnvironments } from './readEnvironments';

function read(environments: object[]) {
  return readEnvironments(new ConfigReader({ waystone: { environments } }));
}

describe('readEnvironments', () => {
  const usual = read([
    { name: 'development', cluster: 'nonprod' },
    { name: 'staging', cluster: 'nonprod', title: 'Rehearsal' },
    { name: 'production', cluster: 'prod', promotion: 'gated' },
  ]);

  it('fills in what is not said', () => {
    expect(usual.all).toEqual([
      {
        name: 'development',
        title: 'Development',
        cluster: 'nonprod',
        namespace: '{system}-{environment}',
        argocd: undefined,
        promotion: 'auto',
        protected: false,
      },
      expect.objectContaining({
        title: 'Rehearsal',
        promotion: 'manual',
        protected: false,
      }),
      expect.objectContaining({ promotion: 'gated', protected: true }),
    ]);
    expect(readEnvironments(new ConfigReader({})).all).toEqual([]);
  });

  it('knows what comes before what', () => {
    expect(usual.before('production')?.name).toBe('staging');
    expect(usual.before('development')).toBeUndefined();
    expect(usual.before('nowhere')).toBeUndefined();
  });

  it('finds the namespace of a system, and the system of a namespace', () => {
    const [development, staging] = usual.all;
    expect(usual.namespaceOf(staging, 'orders')).toBe('orders-staging');
    expect(usual.find('nonprod', 'orders-staging')).toEqual({
      environment: staging,
      system: 'orders',
    });
    expect(usual.find('nonprod', 'pick-and-pack-development')).toEqual({
      environment: development,
      system: 'pick-and-pack',
    });
    expect(usual.find('prod', 'orders-staging')).toBeUndefined();
    expect(usual.find('nonprod', 'kube-system')).toBeUndefined();
  });

  it('takes patterns without a system, and with it twice', () => {
    const environments = read([
      { name: 'qa', cluster: 'shared', namespace: 'testing' },
      { name: 'live', cluster: 'shared', namespace: '{system}-x-{system}' },
    ]);
    expect(environments.find('shared', 'testing')).toEqual({
      environment: environments.all[0],
      system: undefined,
    });
    expect(environments.find('shared', 'a-x-a')?.system).toBe('a');
    expect(environments.find('shared', 'a-x-b')).toBeUndefined();
  });

  it.each([
    [[{ name: 'Staging', cluster: 'a' }], 'environments[0].name'],
    [[{ name: 'a', cluster: '' }], "'waystone.environments[0].cluster'"],
    [
      [{ name: 'a', cluster: 'b', namespace: '{team}' }],
      'environments[0].namespace',
    ],
    [
      [{ name: 'a', cluster: 'b', namespace: '(a+)+$' }],
      'environments[0].namespace',
    ],
    [
      [{ name: 'a', cluster: 'b', promotion: 'yolo' }],
      'environments[0].promotion',
    ],
    [
      [
        { name: 'a', cluster: 'b' },
        { name: 'a', cluster: 'c' },
      ],
      "environments[1].name': 'a' is there twice",
    ],
  ])('refuses %j and names the field', (environments, message) => {
    expect(() => read(environments)).toThrow(message);
  });
});
