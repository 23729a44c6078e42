import { expandSnippets } from './expandSnippets';

const FILES: Readonly<Record<string, string>> = {
  'a.md':
    'one\ntwo\nthree\nfour\n<!-- --8<-- [start:part] -->\ninside\n<!-- --8<-- [end:part] -->\nlast\n',
  'b.py':
    'import os\n# --8<-- [start:main]\ndef main():\n    pass\n# --8<-- [end:main]\n',
  'outer.md': 'before\n--8<-- "a.md:part"\nafter\n',
  'blank.md': 'text\n\n',
  'self.md': '--8<-- "self.md"\n',
};

function expand(source: string, includes = false) {
  const problems: string[] = [];
  const { text, origins } = expandSnippets(source, {
    includes,
    read: name => (name in FILES ? { text: FILES[name] } : undefined),
    report: ({ code, line, message }) =>
      problems.push(`${code} ${line} ${message}`),
  });
  return { lines: text.split('\n'), origins, problems };
}

describe('Snippets', () => {
  // Compared with pymdownx.snippets 10: marks of sections are lines, but are not shown
  it.each([
    ['a whole file', 'a.md', ['one', 'two', 'three', 'four', 'inside', 'last']],
    ['with its empty lines', 'blank.md', ['text', '']],
    ['from a line to a line', 'a.md:2:3', ['two', 'three']],
    ['from a line', 'a.md:4', ['four', 'inside', 'last']],
    ['to a line', 'a.md::2', ['one', 'two']],
    ['several ranges', 'a.md:1:1,3:4', ['one', 'three', 'four']],
    ['lines from the end', 'a.md:-2:-1', ['last']],
    ['lines below a section', 'a.md:6:8', ['inside', 'last']],
    ['a section', 'a.md:part', ['inside']],
    ['a section of code', 'b.py:main', ['def main():', '    pass']],
    ['in a file that is included', 'outer.md', ['before', 'inside', 'after']],
  ])('%s', (_name, written, lines) => {
    expect(expand(`--8<-- "${written}"`)).toMatchObject({
      lines,
      problems: [],
    });
  });

  it('keep the indentation of their place', () => {
    expect(expand('!!! note\n    --8<-- "b.py:main"').lines).toEqual([
      '!!! note',
      '    def main():',
      '        pass',
    ]);
  });

  it('of a block, without those that are commented out', () => {
    expect(
      expand('--8<--\na.md:1:1\n; b.py\n\na.md:part\n--8<--').lines,
    ).toEqual(['one', 'inside']);
  });

  it('are text with a semicolon in front', () => {
    expect(expand(';--8<-- "a.md"').lines).toEqual(['--8<-- "a.md"']);
  });

  it('tell the lines of the page, whatever is included', () => {
    expect(expand('x\n--8<-- "a.md:1:2"\ny').origins).toEqual([0, 1, 1, 2]);
  });

  it('with braces, where markdown-include is on', () => {
    expect(expand('{! a.md !}', true).lines[0]).toBe('one');
    expect(expand('{! a.md !}').lines).toEqual(['{! a.md !}']);
  });

  it('that are not there are said, with their line', () => {
    expect(
      expand('x\n--8<-- "none.md"\n--8<-- "a.md:nothing"\n--8<-- "self.md"')
        .problems,
    ).toEqual([
      'snippet-missing 2 There is no file "none.md" to include.',
      'snippet-missing 3 The file "a.md" has no section "nothing".',
      'snippet-refused 4 The snippet "self.md" includes itself.',
    ]);
  });
});
