import { KubernetesTestServer } from '../testUtils/KubernetesTestServer';

const PODS = '/api/v1/namespaces/default/pods';

describe('requests about pods', () => {
  let server: KubernetesTestServer;
  const start = Date.now() - 60_000;
  const lines = [1, 2, 3, 4].map(number => ({
    time: new Date(start + number * 10_000),
    line: `line ${number}`,
  }));

  beforeAll(async () => {
    server = await KubernetesTestServer.start();
    server.cluster.setPodLogSource((_pod, { container, previous }) =>
      previous
        ? [{ time: new Date(start), line: `${container} before` }]
        : lines,
    );
    for (const [name, containers] of [
      ['web', ['web']],
      ['pair', ['one', 'two']],
    ] as const) {
      server.cluster.create({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name, labels: { app: name } },
        spec: {
          containers: containers.map(container => ({
            name: container,
            image: 'a:1',
          })),
        },
      });
    }
    server.cluster.patch(
      { apiVersion: 'v1', kind: 'Pod', name: 'web' },
      {
        status: {
          phase: 'Running',
          containerStatuses: [
            {
              name: 'web',
              image: 'a:1',
              imageID: '',
              ready: true,
              restartCount: 1,
              state: { running: {} },
              lastState: { terminated: { exitCode: 1, reason: 'Error' } },
            },
          ],
        },
      },
      { subresource: 'status' },
    );
  });
  afterAll(async () => {
    await server.remove();
  });

  it.each([
    ['', 'line 1\nline 2\nline 3\nline 4\n'],
    ['?tailLines=2', 'line 3\nline 4\n'],
    ['?tailLines=0', ''],
    ['?limitBytes=9', 'line 1\nli'],
    ['?sinceSeconds=35', 'line 3\nline 4\n'],
    ['?previous=true', 'web before\n'],
    ['?container=web&tailLines=1', 'line 4\n'],
  ])('should write logs%s', async (query, text) => {
    const answer = await server.send(`${PODS}/web/log${query}`);
    expect(answer.headers.get('content-type')).toBe('text/plain');
    expect(answer.text).toBe(text);
  });

  it('should write the time before each line if asked to', async () => {
    const answer = await server.send(
      `${PODS}/web/log?timestamps=true&tailLines=1`,
    );
    expect(answer.text).toMatch(
      /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z line 4\n$/,
    );
  });

  it('should follow, and end with the pod', async () => {
    const response = await server.open(
      `${PODS}/web/log?follow=true&tailLines=1`,
    );
    const text = response.text();
    lines.push({ time: new Date(), line: 'line 5' });
    await new Promise(resolve => {
      setTimeout(resolve, 600);
    });
    server.cluster.patch(
      { apiVersion: 'v1', kind: 'Pod', name: 'web' },
      { status: { phase: 'Succeeded' } },
      { subresource: 'status' },
    );
    expect(await text).toBe('line 4\nline 5\n');
    lines.pop();
    server.cluster.patch(
      { apiVersion: 'v1', kind: 'Pod', name: 'web' },
      { status: { phase: 'Running' } },
      { subresource: 'status' },
    );
  });

  it.each([
    [
      '/pair/log',
      'a container name must be specified for pod pair, choose one of: [one two]',
    ],
    ['/web/log?container=x', 'container x is not valid for pod web'],
    [
      '/pair/log?container=one&previous=true',
      'previous terminated container "one" in pod "pair" not found',
    ],
  ])('should refuse %s', async (path, message) => {
    const answer = await server.send(PODS + path);
    expect(answer.body).toMatchObject({ code: 400, message });
  });

  it('should not evict what a budget protects', async () => {
    server.cluster.create({
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'web' },
      spec: { minAvailable: 1, selector: { matchLabels: { app: 'web' } } },
    });
    const evict = () =>
      server.send(`${PODS}/web/eviction`, {
        method: 'POST',
        body: {
          apiVersion: 'policy/v1',
          kind: 'Eviction',
          metadata: { name: 'web' },
        },
      });
    const refused = await evict();
    expect(refused.body).toMatchObject({
      code: 429,
      reason: 'TooManyRequests',
      message:
        "Cannot evict pod as it would violate the pod's disruption budget.",
      details: { causes: [{ reason: 'DisruptionBudget' }] },
    });
    server.cluster.patch(
      { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', name: 'web' },
      { status: { disruptionsAllowed: 1 } },
      { subresource: 'status' },
    );
    expect((await evict()).status).toBe(201);
    expect((await server.send(`${PODS}/web`)).status).toBe(404);
  });
});
