import { readHints } from './readHints';
import { refuseForeign, toServiceEntity } from './ServiceEntity';

const claim = (value: string) =>
  readHints({ 'waystone.dev/metrics-service': value }, 'orders');

describe('annotations', () => {
  it('name the service, then the id of Kubernetes, then the entity', () => {
    expect(
      readHints(
        {
          'waystone.dev/metrics-service': 'order-api',
          'backstage.io/kubernetes-id': 'order-service',
          'waystone.dev/metrics-recipe': 'micrometer',
        },
        'orders',
      ),
    ).toMatchObject({
      services: ['order-api', 'order-service', 'orders'],
      claimed: true,
      recipe: 'micrometer',
      problems: [],
    });
  });

  it.each([
    ['https://prometheus.example/graph', 'is an address'],
    ['data://text/html,x', 'is an address'],
    ['x"} or vector(1) or up{service="', 'looks like a query'],
    ['sum(up)', 'looks like a query'],
    ['Order Service', 'is not a name of a Kubernetes Service'],
    ['<img src=x>', 'looks like a query'],
    ['a'.repeat(300), 'is not a name of a Kubernetes Service'],
  ])('refuses %s in clear words', (value, reason) => {
    const hints = claim(value);
    expect(hints.services).toEqual(['orders']);
    expect(hints.problems).toHaveLength(1);
    expect(hints.problems[0]).toContain(
      "The annotation 'waystone.dev/metrics-service' is not followed",
    );
    expect(hints.problems[0]).toContain(reason);
    expect(hints.problems[0].length).toBeLessThan(300);
  });

  it('refuses a recipe that there is not', () => {
    const { problems, recipe } = readHints(
      { 'waystone.dev/metrics-recipe': 'my\nown' },
      'orders',
    );
    expect(recipe).toBeUndefined();
    expect(problems[0]).toContain(
      "there is no recipe 'my own'. There are otel",
    );
  });

  it('promise', () => {
    expect(
      readHints(
        {
          'waystone.dev/slo': 'availability=99.9, latency=95@500ms, window=7d',
        },
        'orders',
      ).objectives,
    ).toEqual([
      { name: 'availability', target: 0.999, windowDays: 7 },
      { name: 'latency', target: 0.95, thresholdSeconds: 0.5, windowDays: 7 },
    ]);
    expect(
      readHints({ 'waystone.dev/slo': 'latency=99%@2s' }, 'orders').objectives,
    ).toEqual([
      { name: 'latency', target: 0.99, thresholdSeconds: 2, windowDays: 30 },
    ]);
  });

  it.each([
    ['99.9', 'it reads such as'],
    ['availability=100', 'less than 100 %'],
    ['availability=0', 'more than 0'],
    ['availability=99.9, window=1y', 'a number of days'],
    ['availability=99.9, window=91d', 'from 1 to 90'],
    ['latency=95', 'a share and a duration'],
    ['latency=95@-1s', 'a share and a duration'],
    ['window=30d', 'it promises nothing'],
    ['availability=99.9} or up{', 'it reads such as'],
  ])('promise nothing by %s', (value, reason) => {
    const { objectives, problems } = readHints(
      { 'waystone.dev/slo': value },
      'orders',
    );
    expect(objectives).toBeUndefined();
    expect(problems).toEqual([expect.stringContaining(reason)]);
  });
});

describe('the metrics of another', () => {
  const service = (
    name: string,
    owner: string,
    annotations: Record<string, string>,
  ) =>
    toServiceEntity({
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Component',
      metadata: { name, annotations },
      relations: [{ type: 'ownedBy', targetRef: `group:default/${owner}` }],
    });

  it('are not for who claims them by an annotation', () => {
    const [payments, foreign, own] = refuseForeign([
      service('payments', 'money', {
        'backstage.io/kubernetes-id': 'payments',
      }),
      service('orders', 'shop', {
        'waystone.dev/metrics-service': 'payments',
        'backstage.io/kubernetes-id': 'orders',
      }),
      service('ledger', 'money', {
        'waystone.dev/metrics-service': 'payments',
      }),
    ]);
    expect(payments.hints.problems).toEqual([]);
    expect(foreign.hints.services).toEqual(['orders']);
    expect(foreign.hints.problems).toEqual([
      "The annotation 'waystone.dev/metrics-service' is not followed: 'payments' is the service of another owner",
    ]);
    expect(own.hints.services[0]).toBe('payments');
  });
});
