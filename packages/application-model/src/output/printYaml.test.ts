import { parse, parseDocument } from 'yaml';
import { Origins } from './Origins';
import { printYaml } from './printYaml';

/** Numbers in [0, 1) that are the same in every run. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const PIECES = [
  ' ',
  '\n',
  '\t',
  ':',
  ': ',
  ' #',
  '#',
  '-',
  '- ',
  '? ',
  '"',
  "'",
  '\\',
  '{',
  '}',
  '[',
  ']',
  ',',
  '&',
  '*',
  '!',
  '|',
  '>',
  '%',
  '@',
  '`',
  '~',
  'null',
  'yes',
  'No',
  'on',
  'true',
  '.inf',
  '0x1F',
  '0o7',
  '1_000',
  '12:30:45',
  '1e3',
  '.5',
  '2026-11-21',
  '=',
  '<<',
  '---',
  '...',
  '\r',
  '\u0000',
  '\u0007',
  '\u0085',
  '\u00a0',
  '\u2028',
  '\u2029',
  '\ufeff',
  '\u{1F680}',
  'é',
  'word',
  '5m',
  '1.2.3',
  '{{ x }}',
  '$(A)',
  '$',
  '/',
];

describe('printYaml', () => {
  const random = createRandom(42);
  const text = () =>
    Array.from(
      { length: Math.floor(random() * 6) },
      () => PIECES[Math.floor(random() * PIECES.length)],
    ).join('');
  const value = (depth: number): unknown => {
    const kind = random();
    if (depth === 0 || kind < 0.5) {
      return [
        text(),
        text(),
        Math.floor(random() * 1000),
        random() < 0.5,
        null,
      ][Math.floor(random() * 5)];
    }
    const size = Math.floor(random() * 4);
    return kind < 0.7
      ? Array.from({ length: size }, () => value(depth - 1))
      : Object.fromEntries(
          Array.from({ length: size }, (_, index) => [
            `${text()}${index}`,
            value(depth - 1),
          ]),
        );
  };

  it('writes whatever there is so that it is read as it was, by YAML 1.1 and 1.2', () => {
    for (let run = 0; run < 3000; run++) {
      const root = { a: value(4), b: text(), [`${text()}k`]: text() };
      const origins = new Origins();
      origins.part('a').say(text());
      origins.part('b').say(`${text()}\nb: injected`);
      const yaml = printYaml(root, origins);
      expect(parse(yaml)).toEqual(root);
      expect(parseDocument(yaml, { version: '1.1' }).toJS()).toEqual(root);
    }
  });

  it('replaces what is no character', () => {
    expect(printYaml({ a: 'x\ud800', b: '\u{1F680}' })).toBe(
      'a: "x\ufffd"\nb: "\u{1F680}"\n',
    );
  });

  it('is made for people', () => {
    const origins = new Origins();
    origins.part('replicas').say('spec.replicas');
    expect(
      printYaml(
        {
          replicas: 3,
          image: 'a.b/c:1.2.3',
          quoted: 'yes',
          expr: 'up{job="a"} > 1',
          lines: 'a\n\n  b\n',
          list: [{ a: 1, b: [] }, 'x', ['z']],
          empty: {},
        },
        origins,
      ),
    ).toBe(`replicas: 3 # spec.replicas
image: a.b/c:1.2.3
quoted: 'yes'
expr: 'up{job="a"} > 1'
lines: |
  a

    b
list:
  - a: 1
    b: []
  - x
  - - z
empty: {}
`);
  });
});
