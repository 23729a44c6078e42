import { alignRange, chooseStep } from './chooseStep';
import {
  escapePattern,
  Promql,
  promql,
  promqlDuration,
  promqlSelector,
} from './promql';

describe('the builder of PromQL', () => {
  it('quotes texts and takes numbers and its own parts as they are', () => {
    const selector = promqlSelector('http_requests_total', {
      job: 'a"b\\c\n',
      code: ['200', '4.*'],
      path: { operator: '!~', value: '/health/.+' },
      nothing: undefined,
    });
    expect(
      String(
        promql`sum(rate(${selector}[${promqlDuration(
          300,
        )}])) > ${0.5} or label_replace(x, ${'a'}, ${'"'}, "", "")`,
      ),
    ).toBe(
      'sum(rate(http_requests_total{job="a\\"b\\\\c\\n",code=~"200|4\\\\.\\\\*",path!~"/health/.+"}[300s])) > 0.5 or label_replace(x, "a", "\\"", "", "")',
    );
  });

  it('writes names that are no identifiers in quotes', () => {
    expect(
      String(promqlSelector('http.requests', { 'service.name': 'a' })),
    ).toBe('{__name__="http.requests","service.name"="a"}');
    expect(String(promqlSelector('a"} or b', {}))).toBe(
      '{__name__="a\\"} or b"}',
    );
  });

  it('refuses what would select everything', () => {
    expect(() => promqlSelector(undefined)).toThrow('it needs a metric');
    expect(() => promqlSelector('', { job: '' })).toThrow('it needs a metric');
    expect(() =>
      promqlSelector(undefined, { job: { operator: '!=', value: 'a' } }),
    ).toThrow('it needs a metric');
    expect(String(promqlSelector(undefined, { job: 'a' }))).toBe('{job="a"}');
  });

  it('knows the numbers and time spans of PromQL', () => {
    expect(String(promql`${NaN} ${Infinity} ${-Infinity} ${-1.5e-7}`)).toBe(
      'NaN +Inf -Inf -1.5e-7',
    );
    expect(String(promqlDuration(0.5))).toBe('500ms');
    expect(() => promqlDuration(0)).toThrow(TypeError);
    expect(() => promqlDuration(NaN)).toThrow(TypeError);
    expect(String(Promql.trusted('up'))).toBe('up');
    expect(escapePattern('a.b|c')).toBe('a\\.b\\|c');
  });
});

describe('the choice of a step', () => {
  it.each([
    [600, {}, 15],
    [3_600, {}, 15],
    [3_600, { points: 60 }, 60],
    [3_600, { scrapeInterval: 60 }, 60],
    [86_400, {}, 600],
    [30 * 86_400, {}, 10_800],
    [86_400, { points: 1_000_000 }, 15],
    [20 * 365 * 86_400, {}, 5 * 604_800],
    [0, {}, 15],
  ])('of %d seconds with %j is %d', (seconds, options, step) => {
    expect(chooseStep(seconds, options)).toBe(step);
  });

  it('aligns both ends', () => {
    expect(alignRange({ start: 61, end: 119 }, 60)).toEqual({
      start: 60,
      end: 60,
    });
  });
});
