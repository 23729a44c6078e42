import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { SourceTree } from '../SourceTree';
import { buildKustomization } from './buildKustomization';

const FOLDER = join(__dirname, '..', '__fixtures__', 'kustomize');
const CASES = readdirSync(FOLDER).filter(name => name !== 'base');

function readTree(folder: string): SourceTree {
  const files = new Map<string, Buffer>();
  for (const entry of readdirSync(folder, {
    recursive: true,
    encoding: 'utf8',
  })) {
    const path = join(folder, entry);
    if (statSync(path).isFile()) {
      files.set(relative(folder, path), readFileSync(path));
    }
  }
  return new SourceTree(files);
}

const parseAll = (text: string) =>
  parseAllDocuments(text).map(document => document.toJS());

describe('kustomize', () => {
  const tree = readTree(FOLDER);

  // Made by kustomize v5.5.0: kubectl kustomize <case>/over
  it.each(CASES)('makes of %s what kustomize makes of it', name => {
    expect(buildKustomization(tree, `${name}/over`)).toEqual(
      parseAll(readFileSync(join(FOLDER, name, 'expected.yaml'), 'utf8')),
    );
  });

  const program = process.env.WAYSTONE_TEST_KUBECTL;
  if (program) {
    it.each(CASES)('makes of %s what this kubectl makes of it', name => {
      const output = execFileSync(
        program,
        ['kustomize', join(FOLDER, name, 'over')],
        { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
      );
      expect(buildKustomization(tree, `${name}/over`)).toEqual(
        parseAll(output),
      );
    });
  } else {
    // eslint-disable-next-line jest/no-disabled-tests, jest/expect-expect
    it.skip('makes what kubectl makes (skipped: WAYSTONE_TEST_KUBECTL is not set)', () => {});
  }

  const build = (files: Record<string, string>, folder = 'over') =>
    buildKustomization(
      new SourceTree(
        new Map(
          Object.entries(files).map(([path, text]) => [
            path,
            Buffer.from(text),
          ]),
        ),
      ),
      folder,
    );

  it.each([
    [
      'a file that is not there',
      { 'over/kustomization.yaml': 'resources: [no.yaml]' },
      /no\.yaml.*no such file/,
    ],
    [
      'an unknown field',
      { 'over/kustomization.yaml': 'resource: [a.yaml]' },
      /unknown field "resource"/,
    ],
    [
      'a path out of the repository',
      { 'over/kustomization.yaml': 'resources: [../../etc/passwd]' },
      /outside root/,
    ],
    [
      'an absolute path',
      { 'over/kustomization.yaml': 'resources: [/etc/passwd]' },
      /absolute/,
    ],
    [
      'a patch out of the repository',
      { 'over/kustomization.yaml': 'patches: [{path: ../../secret}]' },
      /outside root/,
    ],
    [
      'a generator file out of the repository',
      {
        'over/kustomization.yaml':
          'configMapGenerator: [{name: a, files: [../../secret]}]',
      },
      /outside root/,
    ],
    [
      'a remote base',
      {
        'over/kustomization.yaml':
          'resources: ["https://example.com/base?ref=v1"]',
      },
      /only what is in the repository/,
    ],
    [
      'a cycle',
      {
        'over/kustomization.yaml': 'resources: [../a]',
        'a/kustomization.yaml': 'resources: [../over]',
      },
      /cycle detected/,
    ],
    [
      'helm charts',
      { 'over/kustomization.yaml': 'helmCharts: [{name: a}]' },
      /does not support helmCharts/,
    ],
    ['no kustomization file', { 'over/a.yaml': '' }, /unable to find one of/],
    [
      'a patch for nothing',
      {
        'over/kustomization.yaml':
          'patches: [{patch: "{apiVersion: v1, kind: Service, metadata: {name: a}}"}]',
      },
      /no matches for Id Service\.v1\.\[noGrp\]\/a\.\[noNs\]/,
    ],
    [
      'the same object twice',
      {
        'over/kustomization.yaml': 'resources: [a.yaml, b.yaml]',
        'over/a.yaml': '{apiVersion: v1, kind: Service, metadata: {name: a}}',
        'over/b.yaml': '{apiVersion: v1, kind: Service, metadata: {name: a}}',
      },
      /already registered id: Service\.v1\.\[noGrp\]\/a\.\[noNs\]/,
    ],
  ])('refuses %s', (_, files, message) => {
    expect(() => build(files as Record<string, string>)).toThrow(message);
  });

  it('follows symbolic links within the repository only', () => {
    const files = new Map([
      ['over/kustomization.yaml', Buffer.from('resources: [linked.yaml]')],
      [
        'base/a.yaml',
        Buffer.from('{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}'),
      ],
    ]);
    expect(
      buildKustomization(
        new SourceTree(
          files,
          new Map([['over/linked.yaml', '../base/a.yaml']]),
        ),
        'over',
      ),
    ).toHaveLength(1);
    expect(() =>
      buildKustomization(
        new SourceTree(
          files,
          new Map([['over/linked.yaml', '../../etc/passwd']]),
        ),
        'over',
      ),
    ).toThrow('out-of-bounds symlinks');
  });
});
