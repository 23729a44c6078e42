import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { evaluate } from './evaluate';
import type { Facts } from './evaluate';
import { readScorecards } from './readScorecards';
import { scorecardDefinitionSchema } from './ScorecardDefinition';

const card = (checks: readonly object[], levels = ['Bronze', 'Silver']) =>
  scorecardDefinitionSchema.parse({
    name: 'test',
    title: 'Test',
    levels,
    checks: checks.map((check, index) => ({
      id: `check-${index}`,
      title: `Check ${index}`,
      level: 'Bronze',
      fact: 'a.b',
      ...check,
    })),
  });

const facts =
  (values: Readonly<Record<string, unknown>>): Facts =>
  name =>
    values[name] as ReturnType<Facts>;

describe('scorecards', () => {
  it('reads those of the package', () => {
    const scorecards = readScorecards(
      resolvePackagePath('@waystone/plugin-governance-backend', 'scorecards'),
    );
    expect(scorecards.map(({ name }) => name)).toEqual([
      'documentation',
      'ownership',
      'production-readiness',
      'security',
    ]);
  });

  it('refuses what is ambiguous, and names the file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'scorecards-'));
    const write = (check: string) =>
      writeFileSync(
        join(folder, 'mine.yaml'),
        `name: mine\ntitle: Mine\nlevels: [Bronze]\nchecks:\n  - ${check}\n`,
      );
    const common = '{ id: a, title: A, fact: a.b, ';
    for (const [check, message] of [
      [`${common} level: Bronze }`, 'has to have one of exists'],
      [`${common} level: Bronze, exists: true, atMost: 1 }`, 'one of'],
      [`${common} level: Gold, exists: true }`, 'not in levels'],
      [`${common} level: Bronze, exsits: true }`, 'exsits'],
    ]) {
      write(check);
      expect(() => readScorecards(folder)).toThrow(
        expect.objectContaining({
          message: expect.stringMatching(
            new RegExp(`'mine.yaml' is wrong[^]*${message}`),
          ),
        }),
      );
    }
  });

  it('passes, fails and does not know', () => {
    for (const [check, value, result] of [
      [{ exists: true }, 'x', 'pass'],
      [{ exists: true }, null, 'fail'],
      [{ exists: true }, '', 'fail'],
      [{ exists: true }, undefined, 'unknown'],
      [{ equals: true }, true, 'pass'],
      [{ equals: true }, 'true', 'fail'],
      [{ in: ['a'] }, 'a', 'pass'],
      [{ notIn: ['a'] }, 'b', 'pass'],
      [{ notIn: ['a'] }, 'a', 'fail'],
      [{ atLeast: 1 }, 0, 'fail'],
      [{ atLeast: 1 }, 1, 'pass'],
      [{ atMost: 0 }, 1, 'fail'],
      [{ atMost: 0 }, Number.NaN, 'fail'],
      [{ excludes: ['x'] }, ['y'], 'pass'],
      [{ excludes: ['x'] }, ['y', 'x'], 'fail'],
      [{ excludes: ['x'] }, undefined, 'unknown'],
    ] as const) {
      expect(
        evaluate(card([check]), facts({ 'a.b': value })).checks[0].result,
      ).toBe(result);
    }
  });

  it('gives a level for what is known to pass, and counts the unknown apart', () => {
    const scorecard = card(
      [
        { exists: true },
        { level: 'Silver', fact: 'c.d', exists: true },
        { level: 'Gold', exists: true },
      ],
      ['Bronze', 'Silver', 'Gold'],
    );
    expect(evaluate(scorecard, facts({ 'a.b': 'x' }))).toMatchObject({
      // Silver is not known, so neither it nor Gold is reached.
      level: 'Bronze',
      passed: 2,
      failed: 0,
      unknown: 1,
    });
    expect(evaluate(scorecard, facts({ 'a.b': 'x', 'c.d': 'y' })).level).toBe(
      'Gold',
    );
    expect(evaluate(scorecard, facts({})).level).toBeUndefined();
  });
});
