import {
  labelList,
  conditionsOf,
  countExpression,
  quantileExpression,
  unite,
} from './expressions';
import { findRecipe, RECIPES } from './recipes';

const place = { namespace: 'shop', service: 'orders' };

describe('recipes', () => {
  it('have names of their own', () => {
    expect(new Set(RECIPES.map(({ id }) => id)).size).toBe(RECIPES.length);
    expect(RECIPES.every(({ id }) => /^[a-z0-9-]+$/.test(id))).toBe(true);
  });

  it('count failures and fast requests in their own units', () => {
    const istio = findRecipe('istio')!;
    const conditions = conditionsOf(istio, place);
    expect(
      String(
        countExpression(istio, {
          counted: 'errors',
          by: labelList('cluster', 'destination_service_name'),
          seconds: 300,
          conditions,
        }),
      ),
    ).toBe(
      'sum by (cluster, destination_service_name) (rate(istio_requests_total{reporter="destination",response_code=~"5..",destination_service_namespace="shop",destination_service_name="orders"}[300s]))',
    );
    expect(
      String(
        countExpression(istio, {
          counted: { fastSeconds: 0.5 },
          by: labelList(),
          seconds: 300,
          conditions,
          kind: 'increase',
          offset: 60,
        }),
      ),
    ).toContain('le=~"500([.]0)?"');
    expect(
      String(
        quantileExpression(istio, {
          quantile: 0.95,
          by: undefined,
          seconds: 300,
          conditions,
          offset: 86_400,
        }),
      ),
    ).toMatch(
      /^histogram_quantile\(0\.95, sum by \(le\) \(rate\(.*\[300s\] offset 86400s\)\)\) \* 0\.001$/,
    );
  });

  it('compare a boundary as both versions of Prometheus write it', () => {
    const recipe = findRecipe('otel-http')!;
    const boundary = (fastSeconds: number) =>
      String(
        countExpression(recipe, {
          counted: { fastSeconds },
          by: labelList(),
          seconds: 60,
        }),
      );
    expect(boundary(0.25)).toContain('le=~"0[.]25"');
    expect(boundary(1)).toContain('le=~"1([.]0)?"');
  });

  it.each([
    'x"} or vector(1) or up{service="',
    'x\\',
    '<script>alert(1)</script>',
    'new\nline',
  ])('let no value change a query: %s', value => {
    const text = String(
      countExpression(findRecipe('otel-http')!, {
        counted: 'requests',
        by: labelList(),
        seconds: 60,
        conditions: conditionsOf(findRecipe('otel-http')!, {
          namespace: value,
          service: value,
          cluster: { label: 'cluster', value },
        }),
      }),
    );
    const literals = text.match(/"(?:[^"\\]|\\.)*"/g)!;
    expect(literals).toHaveLength(3);
    expect(literals.every(literal => JSON.parse(literal) === value)).toBe(true);
    expect(text.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""')).toBe(
      'sum by () (rate(http_server_request_duration_seconds_count{cluster="",namespace="",service=""}[60s]))',
    );
  });

  it('unite into one query', () => {
    const by = labelList('service');
    const part = (counted: 'requests' | 'errors') =>
      countExpression(findRecipe('linkerd')!, { counted, by, seconds: 60 })!;
    expect(
      String(
        unite([
          ['a', part('requests')],
          ['b', part('errors')],
        ]),
      ),
    ).toBe(
      'label_replace(sum by (service) (rate(response_total{direction="inbound"}[60s])), "waystone_part", "a", "", "") or label_replace(sum by (service) (rate(response_total{direction="inbound",classification="failure"}[60s])), "waystone_part", "b", "", "")',
    );
    expect(unite([])).toBeUndefined();
  });
});
