import { deployment, TestCluster } from '../../testUtils/TestCluster';
import { ROLLOUT } from './resourceTypes';

// Other tests run beside these.
jest.setTimeout(60_000);

describe('Rollouts', () => {
  let test: TestCluster;
  const ref = { ...ROLLOUT, namespace: 'default', name: 'web' };

  const status = () => test.get(ref).status ?? {};
  const inPhase = (phase: string) => () =>
    status().phase === phase &&
    status().observedGeneration === String(test.get(ref).metadata.generation);
  beforeEach(async () => {
    test = new TestCluster({ speed: 100 });
    test.cluster.create({
      ...deployment({ replicas: 4 }),
      ...ROLLOUT,
      spec: {
        ...deployment({ replicas: 4 }).spec,
        strategy: {
          canary: {
            maxSurge: 1,
            maxUnavailable: 0,
            steps: [
              { setWeight: 25 },
              { pause: {} },
              { setWeight: 50 },
              { pause: { duration: '10s' } },
            ],
          },
        },
      },
    });
    await test.until(inPhase('Healthy'));
  });

  afterEach(async () => {
    await test.stop();
  });

  const setImage = (tag: string) =>
    test.cluster.patch(ref, {
      spec: {
        template: {
          spec: {
            containers: [
              {
                name: 'web',
                image: `registry.fernway.example/test/web:${tag}`,
              },
            ],
          },
        },
      },
    });
  const patchStatus = (change: object) =>
    test.cluster.patch(ref, { status: change }, { subresource: 'status' });

  it('pause after the first weight and go on when promoted', async () => {
    const stable = status().stableRS;
    expect(stable).toBe(status().currentPodHash);
    setImage('1.1.0');
    await test.until(inPhase('Paused'));
    expect(status()).toMatchObject({
      currentStepIndex: 1,
      controllerPause: true,
      pauseConditions: [{ reason: 'CanaryPauseStep' }],
      message: 'CanaryPauseStep',
      stableRS: stable,
      canary: { weights: { canary: { weight: 25 }, stable: { weight: 75 } } },
    });
    expect(status().currentPodHash).not.toBe(stable);
    await test.until(
      () => status().updatedReplicas === 1 && status().replicas === 4,
    );

    // As `kubectl argo rollouts promote` does; the second pause ends by itself.
    patchStatus({ pauseConditions: null });
    await test.until(() => status().currentStepIndex === 3);
    await test.until(
      () => inPhase('Healthy')() && status().stableRS !== stable && status(),
    );
    expect(status()).toMatchObject({
      currentStepIndex: 4,
      updatedReplicas: 4,
      availableReplicas: 4,
      replicas: 4,
    });
    expect(status()).not.toHaveProperty('pauseConditions');
  });

  it('go back when aborted, try again, and are promoted in full', async () => {
    const stable = status().stableRS;
    setImage('1.1.0');
    await test.until(inPhase('Paused'));
    patchStatus({ abort: true });
    await test.until(
      () => inPhase('Degraded')() && status().updatedReplicas === 0,
    );
    expect(status()).toMatchObject({
      abort: true,
      abortedAt: expect.any(String),
      message: 'RolloutAborted: Rollout aborted update to revision 2',
      stableRS: stable,
      availableReplicas: 4,
    });
    patchStatus({ abort: false });
    await test.until(inPhase('Paused'));
    patchStatus({ promoteFull: true });
    await test.until(
      () => inPhase('Healthy')() && status().stableRS !== stable,
    );
    expect(status().updatedReplicas).toBe(4);
  });

  it('replace their pods when restarted', async () => {
    const before = test.pods().map(({ metadata }) => metadata.uid);
    expect(before).toHaveLength(4);
    // Times are kept to the second, so that this is after the pods were made.
    const restartAt = new Date(Date.now() + 1000).toISOString();
    test.cluster.patch(ref, { spec: { restartAt } });
    await test.until(() =>
      test.pods().every(({ metadata }) => !before.includes(metadata.uid)),
    );
  });
});
