import { translationApiRef } from '@backstage/frontend-plugin-api';
import type { ApiHolder } from '@backstage/frontend-plugin-api';
import {
  createExtensionTester,
  mockApis,
} from '@backstage/frontend-test-utils';
import { inboxSourceDataRef } from '@waystone/plugin-inbox-react';
import { observabilityApiRef } from '../api/ObservabilityClient';
import { observabilityInbox } from './observabilityInbox';

const SHOP = 'component:default/shop';

const alert = (changes: object) => ({
  id: 'a',
  name: 'HighErrorRatio',
  state: 'firing',
  severity: 'critical',
  since: '2026-11-01T09:00:00Z',
  summary: 'Shop fails 12 % of its requests.',
  entityRef: SHOP,
  title: 'Shop',
  environment: 'prod',
  ...changes,
});

const service = (name: string, slo: object) => ({
  entityRef: `component:default/${name}`,
  title: name,
  health: {
    slos: [
      { name: 'availability', target: 0.995, windowDays: 30, ...slo },
      { name: 'latency', state: 'met' },
    ],
  },
});

describe('observabilityInbox', () => {
  it('has what fires as one thing by place, and budgets that are nearly gone', async () => {
    const listAlerts = jest.fn(async () => ({
      items: [
        alert({}),
        alert({ id: 'b', name: 'ErrorBudgetBurn', severity: 'warning' }),
        alert({ id: 'c', environment: 'test', since: undefined }),
        alert({
          id: 'd',
          entityRef: undefined,
          title: undefined,
          namespace: 'x',
        }),
      ],
    }));
    const listServices = jest.fn(async () => ({
      environment: 'prod',
      environments: [
        { name: 'test', title: 'Test', protected: false },
        { name: 'prod', title: 'Production', protected: true },
      ],
      items: [
        // Its alert says so already
        service('shop', { state: 'burning', budgetLeft: 0.6 }),
        service('cart', { state: 'burning', budgetLeft: 0.6 }),
        service('search', { state: 'exhausted', budgetLeft: -2 }),
        service('mail', { state: 'at-risk', budgetLeft: 0.12 }),
        service('pay', { state: 'met', budgetLeft: 0.9 }),
      ],
    }));
    const apis = new Map<string, unknown>([
      [observabilityApiRef.id, { listAlerts, listServices }],
      [translationApiRef.id, mockApis.translation()],
    ]);
    const { read } =
      createExtensionTester(observabilityInbox).get(inboxSourceDataRef);
    const { signal } = new AbortController();
    const items = await read({
      apis: { get: ref => apis.get(ref.id) } as ApiHolder,
      audience: { type: 'me' },
      owners: ['user:default/ada', 'group:default/shop'],
      limit: 20,
      signal,
    });
    expect(items[0]).toEqual({
      id: 'alerts component:default/shop prod',
      state: 'critical',
      title: '2 alerts fire for Shop in Production',
      detail: 'Shop fails 12 % of its requests.',
      since: '2026-11-01T09:00:00Z',
      link: '/catalog/default/component/shop/observability?environment=prod',
      entityRef: SHOP,
    });
    expect(items.map(({ link, state, title }) => [state, title, link])).toEqual(
      [
        ['critical', expect.any(String), expect.any(String)],
        [
          'attention',
          'HighErrorRatio fires for Shop in Test',
          '/catalog/default/component/shop/observability?environment=test',
        ],
        [
          'critical',
          'HighErrorRatio fires for x in Production',
          '/observability/alerts',
        ],
        [
          'attention',
          'cart spends its error budget too fast, 60 % is left',
          '/catalog/default/component/cart/observability?environment=prod',
        ],
        [
          'attention',
          'The error budget of search is spent',
          expect.stringContaining('/search/'),
        ],
        [
          'attention',
          'mail has 12 % of its error budget left',
          expect.stringContaining('/mail/'),
        ],
      ],
    );
    expect(items.at(-1)?.detail).toBe(
      '99.5 % of requests succeed over 30 days',
    );
    const owner = ['user:default/ada', 'group:default/shop'];
    expect(listAlerts).toHaveBeenCalledWith(
      { owner, state: ['firing'], severity: ['critical', 'warning'] },
      signal,
    );
    expect(listServices).toHaveBeenCalledWith(
      { owner, state: ['critical', 'attention'], limit: 20 },
      signal,
    );
  });
});
