import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeStack, parseStacks } from './stacks';

describe('parseStacks', () => {
  it('reads the file of the example organisation', () => {
    const stacks = parseStacks(
      readFileSync(
        join(__dirname, '../../../examples/platform/stacks.yaml'),
        'utf8',
      ),
    );
    expect(stacks.map(({ name }) => name)).toEqual([
      'java',
      'node',
      'go',
      'python',
    ]);
    const [java] = stacks;
    expect(java.versions.map(version => describeStack(java, version))).toEqual(
      expect.arrayContaining([
        'Java 17 is deprecated and ends on 2027-09-30. Move to java@21.',
        'Java 11 gets no more security fixes since 2026-10-31. Move to java@21.',
      ]),
    );
  });

  it.each([
    ['stacks: 1', 'stacks:'],
    ['', 'the file:'],
    ['stacks: [{ name: Java }]', 'stacks.0.name:'],
    [
      'stacks: [{ name: a, title: A, versions: [{ version: "1", state: old }] }]',
      'stacks.0.versions.0.state:',
    ],
    [
      'stacks: [{ name: a, title: A, versions: [{ version: "1", state: approved, date: soon }] }]',
      'stacks.0.versions.0.date: has to be a date',
    ],
    ['x'.repeat(500_001), 'The file has 500001 characters'],
  ])('says what is wrong with %.30s', (text, message) => {
    expect(() => parseStacks(text)).toThrow(message);
  });
});
