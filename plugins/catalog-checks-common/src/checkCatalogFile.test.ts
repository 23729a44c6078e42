/* eslint-disable no-script-url -- what must not become a link */
import Ajv from 'ajv';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { applyEdits, checkCatalogFile } from './checkCatalogFile';
import { createEditorSchema } from './editorSchema';
import { toLineDiff } from './toLineDiff';

const GOOD = `apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: order-service
  annotations:
    backstage.io/techdocs-ref: dir:.
    waystone.dev/tier: '1'
    waystone.dev/on-call: https://oncall.example.com/teams/orders
    waystone.dev/runbook: /docs/default/component/order-service/runbook
    waystone.dev/stack: java@21
  tags:
    - java
  links:
    - url: https://example.com
spec:
  type: service
  lifecycle: production
  owner: orders
  system: ordering
  dependsOn:
    - resource:default/orders-database
`;

const KNOWN = [
  'group:default/orders',
  'system:default/ordering',
  'resource:default/orders-database',
  'component:default/order-service',
];

/** The good file with a piece of it replaced. */
function changed(from: string, to: string): string {
  expect(GOOD).toContain(from);
  return GOOD.replace(from, to);
}

function check(text: string) {
  return checkCatalogFile(text, { file: 'a.yaml', knownRefs: KNOWN });
}

/** As `error tier-invalid 7:24 metadata…`, to read in a table. */
function summarize(text: string): string[] {
  return check(text).problems.map(({ id, severity, line, column, field }) =>
    `${severity} ${id} ${line}:${column} ${field}`.trim(),
  );
}

describe('checkCatalogFile', () => {
  it('finds nothing in a good file', () => {
    expect(check(GOOD)).toEqual({
      problems: [],
      entityRefs: ['component:default/order-service'],
      truncated: false,
    });
    expect(check('# nothing but a comment\n').problems).toEqual([]);
    expect(check('').problems).toEqual([]);
  });

  it.each<[what: string, text: string, expected: string[]]>([
    [
      'broken YAML',
      changed('  type: service', '  type: "service'),
      ['error yaml-syntax 22:1'],
    ],
    [
      'a key twice',
      changed('  type: service\n', '  type: service\n  type: website\n'),
      ['error yaml-duplicate-key 17:3'],
    ],
    ['a list', '- a\n- b\n', ['error not-an-object 1:1']],
    ['a text', 'hello', ['error not-an-object 1:1']],
    [
      'an unknown kind',
      changed('kind: Component', 'kind: Spaceship'),
      ['error kind-unknown 2:7 kind'],
    ],
    [
      'an unknown version',
      changed('backstage.io/v1alpha1', 'backstage.io/v9'),
      ['error api-version-unknown 1:13 apiVersion'],
    ],
    [
      'no version',
      changed('apiVersion: backstage.io/v1alpha1\n', ''),
      ['error field-missing 1:1 apiVersion'],
    ],
    [
      'no owner',
      changed('  owner: orders\n', ''),
      ['error field-missing 15:1 spec.owner'],
    ],
    [
      'an owner that is a list',
      changed('owner: orders', 'owner: [orders]'),
      ['error field-invalid 18:10 spec.owner'],
    ],
    [
      'a field beside spec',
      changed('spec:\n', 'owner: me\nspec:\n'),
      ['error field-unknown 15:8 owner'],
    ],
    [
      'a name with a path',
      changed('name: order-service', 'name: ../../etc/passwd'),
      ['error name-invalid 4:9 metadata.name'],
    ],
    [
      'a name with HTML',
      changed('name: order-service', 'name: <img src=x onerror=alert(1)>'),
      ['error name-invalid 4:9 metadata.name'],
    ],
    [
      'a name with SQL',
      changed('name: order-service', `name: "x'; drop table relations; --"`),
      ['error name-invalid 4:9 metadata.name'],
    ],
    [
      'a bad namespace',
      changed(
        'name: order-service',
        'name: order-service\n  namespace: Not_Here',
      ).replace('resource:default', 'resource:default'),
      [
        'error namespace-invalid 5:14 metadata.namespace',
        'error owner-unknown 19:10 spec.owner',
        'warning relation-unknown 20:11 spec.system',
      ],
    ],
    [
      'an unknown owner',
      changed('owner: orders', 'owner: order'),
      ['error owner-unknown 18:10 spec.owner'],
    ],
    [
      'an unknown target',
      changed('orders-database', 'orders-databse'),
      ['warning relation-unknown 21:7 spec.dependsOn[0]'],
    ],
    [
      'a target without a kind',
      changed('resource:default/orders-database', 'orders-database'),
      ['error reference-invalid 21:7 spec.dependsOn[0]'],
    ],
    [
      'no system, tier, runbook and docs',
      changed('  system: ordering\n', '').replace(
        / {4}(waystone.dev\/(tier|runbook)|backstage).*\n/g,
        '',
      ),
      [
        'warning tier-missing 5:3 metadata.annotations["waystone.dev/tier"]',
        'warning runbook-missing 5:3 metadata.annotations["waystone.dev/runbook"]',
        'warning docs-missing 5:3 metadata.annotations["backstage.io/techdocs-ref"]',
        'warning system-missing 12:1 spec.system',
      ],
    ],
    [
      'a tier that is a number',
      changed("'1'", '1'),
      [
        'error annotation-invalid 7:24 metadata.annotations["waystone.dev/tier"]',
      ],
    ],
    [
      'a tier that there is not',
      changed("'1'", 'gold'),
      ['error tier-invalid 7:24 metadata.annotations["waystone.dev/tier"]'],
    ],
    [
      'an on-call address that runs a script',
      changed('https://oncall.example.com/teams/orders', 'javascript:alert(1)'),
      [
        'error on-call-invalid 8:27 metadata.annotations["waystone.dev/on-call"]',
      ],
    ],
    [
      'a runbook on another host without a scheme',
      changed('/docs/default/component', '//evil.example'),
      [
        'error runbook-invalid 9:27 metadata.annotations["waystone.dev/runbook"]',
      ],
    ],
    [
      'a stack in prose',
      changed('java@21', 'Java, some 21'),
      ['error stack-invalid 10:25 metadata.annotations["waystone.dev/stack"]'],
    ],
    [
      'a bad key of an annotation',
      changed('waystone.dev/stack', 'a/b/c'),
      ['error annotation-invalid 10:12 metadata.annotations["a/b/c"]'],
    ],
    [
      'a bad tag',
      changed('- java', '- Spring Boot'),
      ['error tag-invalid 12:7 metadata.tags[0]'],
    ],
    [
      'a link that runs a script',
      changed('https://example.com', 'javascript:alert(1)'),
      ['error link-unsafe 14:12 metadata.links[0].url'],
    ],
    [
      'a link that is a document',
      changed('https://example.com', '"data:text/html,<script>"'),
      ['error link-unsafe 14:12 metadata.links[0].url'],
    ],
    [
      'half a link',
      changed('https://example.com', 'example.com/x'),
      ['error link-invalid 14:12 metadata.links[0].url'],
    ],
    [
      '10,000 tags',
      changed('    - java\n', '    - java\n'.repeat(10_000)),
      ['warning tags-too-many 12:5 metadata.tags'],
    ],
    [
      'two documents of one name',
      `${GOOD}---\n${GOOD}`,
      ['error entity-duplicate 26:9 metadata.name'],
    ],
    [
      'one broken document among good ones',
      `${GOOD}---\nkind: [\n---\n${GOOD.replace('order-service', 'other')}`,
      ['error yaml-syntax 24:1'],
    ],
  ])('says of %s what and where', (_, text, expected) => {
    expect(summarize(text)).toEqual(expected);
  });

  it.each<[what: string, text: string, before: string[], after: string[]]>([
    [
      'a tier without quotes',
      changed("'1'", '1'),
      ['    waystone.dev/tier: 1'],
      ["    waystone.dev/tier: '1'"],
    ],
    [
      'a missing runbook',
      changed(
        '    waystone.dev/runbook: /docs/default/component/order-service/runbook\n',
        '',
      ),
      [],
      [
        '    waystone.dev/runbook: /docs/default/component/order-service/runbook',
      ],
    ],
    [
      'docs where there are no annotations',
      'apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: a\n\n# why\nspec: {type: library, lifecycle: production, owner: orders, system: ordering}',
      [],
      ['  annotations:', '    backstage.io/techdocs-ref: dir:.'],
    ],
    [
      'a misspelt owner',
      changed('owner: orders', 'owner: ordres # us'),
      ['  owner: ordres # us'],
      ['  owner: group:default/orders # us'],
    ],
    [
      'a kind in small letters',
      changed('kind: Component', 'kind: component'),
      ['kind: component'],
      ['kind: Component'],
    ],
    [
      'a name with blanks',
      changed('name: order-service', 'name: Order Service!'),
      ['  name: Order Service!'],
      ['  name: Order-Service'],
    ],
    [
      'a tab',
      changed('  lifecycle', '\tlifecycle'),
      ['\tlifecycle: production'],
      ['  lifecycle: production'],
    ],
  ])('proposes how to put right %s', (_, text, before, after) => {
    const [problem] = check(text).problems.filter(({ fix }) => fix);
    const { patch } = problem.fix!;
    expect(toLineDiff(text, patch)).toMatchObject({
      removed: before,
      added: after,
    });
    const ids = check(applyEdits(text, patch)).problems.map(({ id }) => id);
    expect(ids).not.toContain(problem.id);
  });

  it('says what is wrong in words that help', () => {
    const message = (text: string) => check(text).problems[0].message;
    expect(message(changed('owner: orders', 'owner: order'))).toBe(
      "Its owner 'order' is not in the catalog. Did you mean group:default/orders?",
    );
    expect(message(changed("'1'", '1'))).toBe(
      `metadata.annotations["waystone.dev/tier"] has to be a text, but is '1'. Put it in quotes.`,
    );
    expect(message(changed('kind: Component', 'kind: Compnent'))).toBe(
      "There is no kind 'Compnent'. Did you mean Component?",
    );
    expect(message(changed("'1'", 'x'.repeat(100_000))).length).toBeLessThan(
      400,
    );
  });

  it('checks only the form of references when nothing else is known', () => {
    expect(checkCatalogFile(changed('orders', 'nobody')).problems).toEqual([]);
  });

  it('leaves the fields of kinds that plugins bring to them', () => {
    const template = changed('kind: Component', 'kind: Template').replace(
      'backstage.io/v1alpha1',
      'scaffolder.backstage.io/v1beta3',
    );
    expect(summarize(template)).toEqual([]);
    const own = changed('kind: Component', 'kind: Robot');
    expect(checkCatalogFile(own, { moreKinds: ['Robot'] }).problems).toEqual(
      [],
    );
  });

  it.each<[what: string, text: string, id: string]>([
    ['5 MB', 'a: |\n  '.padEnd(5_000_001, 'x'), 'file-too-large'],
    ['a million values', '- a\n'.repeat(1_000_000), 'file-too-complex'],
    ['deep lists', '['.repeat(1_000_000), 'file-too-complex'],
    ['deep mappings', '{a: '.repeat(100_000), 'file-too-complex'],
    ['lists in a line', '- '.repeat(100_000), 'file-too-complex'],
    [
      'lists in lists by indentation',
      Array.from({ length: 1500 }, (_, depth) => `${' '.repeat(depth)}-`).join(
        '\n',
      ),
      'yaml-syntax',
    ],
    [
      'a billion laughs',
      [
        'a0: &a0 [x, x, x, x, x, x, x, x, x]',
        ...Array.from(
          { length: 12 },
          (_, index) =>
            `a${index + 1}: &a${index + 1} [${Array(9)
              .fill(`*a${index}`)
              .join(', ')}]`,
        ),
      ].join('\n'),
      'file-too-complex',
    ],
    [
      'an alias of itself',
      changed('owner: orders', 'owner: &a [*a]'),
      'file-too-complex',
    ],
    [
      'a name made to stall regular expressions',
      changed('name: order-service', `name: ${'a-'.repeat(100_000)}!`),
      'name-invalid',
    ],
    [
      'a tag made to stall regular expressions',
      changed('- java', `- ${'a-'.repeat(100_000)}!`),
      'tag-invalid',
    ],
    [
      'keys of prototypes',
      changed('spec:\n', '__proto__: {polluted: yes}\nspec:\n'),
      'field-unknown',
    ],
  ])('ends with %s', (_, text, id) => {
    const { problems } = check(text);
    expect(problems.map(problem => problem.id)).toContain(id);
    expect(problems.length).toBeLessThanOrEqual(200);
    expect(JSON.stringify(problems).length).toBeLessThan(200_000);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('says of very many problems only the first', () => {
    const tags = Array.from({ length: 500 }, () => '    - A B\n').join('');
    const file = Array.from({ length: 15 }, (_, index) =>
      changed('    - java\n', tags).replace('order-service', `a${index}`),
    ).join('---\n');
    const result = check(file);
    expect(result.problems).toHaveLength(200);
    expect(result.truncated).toBe(true);
  });
});

describe('createEditorSchema', () => {
  const validate = new Ajv({ strict: false }).compile(createEditorSchema());

  it('takes a good file and refuses bad fields', () => {
    expect(validate(parse(GOOD))).toBe(true);
    expect(validate(parse(changed("'1'", "'9'")))).toBe(false);
    expect(validate(parse(changed('  owner: orders\n', '')))).toBe(false);
    expect(validate(parse(changed('kind: Component', 'kind: X')))).toBe(false);
  });

  it('takes the examples, as the checks do', () => {
    const folder = join(__dirname, '../../../examples/components');
    for (const name of readdirSync(folder)) {
      const text = readFileSync(
        join(folder, name, 'catalog-info.yaml'),
        'utf8',
      );
      for (const document of parseAllDocuments(text)) {
        expect([name, validate(document.toJS()), validate.errors]).toEqual([
          name,
          true,
          null,
        ]);
      }
      const errors = checkCatalogFile(text).problems.filter(
        ({ severity }) => severity === 'error',
      );
      expect([name, errors]).toEqual([name, []]);
    }
  });
});
