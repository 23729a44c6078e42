import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { toApiData } from '../../api/toApiData';
import { PromqlError } from '../PromqlError';
import { QueryEngine } from '../QueryEngine';
import { createDataSource, DATA_START } from './dataSet';
import { PROOF_QUERIES } from './expressions';
import type { ProofQuery } from './expressions';

interface Answer {
  readonly status: string;
  readonly data?: { resultType: string; result: unknown };
  readonly errorType?: string;
  readonly error?: string;
  readonly warnings?: readonly string[];
  readonly infos?: readonly string[];
}

const [head, ...goldens] = readFileSync(
  join(__dirname, 'goldens.jsonl'),
  'utf8',
)
  .trim()
  .split('\n')
  .map(line => JSON.parse(line) as unknown) as [
  { prometheus: string },
  ...(ProofQuery & { readonly answer: Answer })[],
];

const engine = new QueryEngine({ source: createDataSource() });

describe(`the evaluator beside Prometheus ${head.prometheus}`, () => {
  it('has an answer of the real one for every query', () => {
    expect(goldens.map(({ answer: _answer, ...query }) => query)).toEqual(
      JSON.parse(JSON.stringify(PROOF_QUERIES)),
    );
  });

  it.each(goldens.map(golden => [describeQuery(golden), golden] as const))(
    '%s',
    async (_name, golden) => {
      const answer = normalize(await ask(golden), golden);
      const expected = normalize(golden.answer, golden);
      expect(adopt(answer, expected)).toEqual(expected);
    },
  );
});

function describeQuery({ query, at, range }: ProofQuery): string {
  return `${query || '(nothing)'} at ${range?.join(' ') ?? at}`.replaceAll(
    '%',
    '%%',
  );
}

async function ask({ query, at, range }: ProofQuery): Promise<Answer> {
  const time = (seconds: number) => DATA_START + Math.round(seconds * 1000);
  try {
    const result = range
      ? await engine.queryRange(query, {
          start: time(range[0]),
          end: time(range[1]),
          step: range[2] * 1000,
        })
      : await engine.queryInstant(query, time(at!));
    const { warnings, infos } = result;
    return { status: 'success', data: toApiData(result), warnings, infos };
  } catch (error) {
    if (!(error instanceof PromqlError)) {
      throw error;
    }
    const { type: errorType, message } = error;
    const wrapped =
      errorType === 'bad_data'
        ? `invalid parameter "query": ${message}`
        : message;
    return { status: 'error', errorType, error: wrapped };
  }
}

/** Leaves out what is not said, and sorts where the order says nothing. */
function normalize(answer: Answer, { ordered }: ProofQuery) {
  const { status, errorType, error, warnings = [], infos = [] } = answer;
  const { resultType, result } = answer.data ?? {};
  return {
    status,
    errorType,
    error,
    resultType,
    result:
      Array.isArray(result) && !ordered && !isPair(result)
        ? [...result].sort((left, right) =>
            keyOf(left) < keyOf(right) ? -1 : 1,
          )
        : result,
    warnings: [...warnings].sort(),
    infos: [...infos].sort(),
  };
}

function isPair(result: readonly unknown[]): boolean {
  return typeof result[0] === 'number';
}

function keyOf(series: unknown): string {
  const { metric } = series as { metric: Record<string, string> };
  return JSON.stringify(Object.entries(metric).sort());
}

/** Takes over the expected text of numbers that differ by less than a billionth. */
function adopt(actual: unknown, expected: unknown): unknown {
  if (Array.isArray(actual) && Array.isArray(expected)) {
    return actual.map((item, index) => adopt(item, expected[index]));
  }
  if (isRecord(actual) && isRecord(expected)) {
    return Object.fromEntries(
      Object.entries(actual).map(([key, item]) => [
        key,
        adopt(item, expected[key]),
      ]),
    );
  }
  return typeof actual === 'string' &&
    typeof expected === 'string' &&
    isSameNumber(actual, expected)
    ? expected
    : actual;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSameNumber(actual: string, expected: string): boolean {
  const number = /^[-+]?[\d.]+(?:e[-+]\d+)?$/;
  if (!number.test(actual) || !number.test(expected)) {
    return false;
  }
  const difference = Math.abs(Number(actual) - Number(expected));
  return difference <= 1e-9 * Math.abs(Number(expected));
}
