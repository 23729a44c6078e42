import Ajv from 'ajv';
import { parse } from 'yaml';
import { readApplication, readServiceRequest } from './readApplication';
import {
  createApplicationJsonSchema,
  createServiceRequestJsonSchema,
} from './schema/jsonSchemas';
import { goldenFile, readFixtures } from './__testUtils__/fixtures';

const HEAD = `apiVersion: platform.waystone.dev/v1alpha1
kind: Application
metadata:
  name: loyalty-service
spec:
  owner: orders
  system: orders
  version: 1.0.0
`;

/** What is wrong, in the order of the text: place, code, message and suggestion. */
function problemsOf(text: string): string[] {
  return readApplication(text).problems.map(
    ({ line, column, code, field, message, suggestion }) =>
      `${line}:${column} ${code} ${field} | ${message} | ${suggestion}`,
  );
}

describe('readApplication', () => {
  it('says where a mistake is and what to write instead', () => {
    expect(
      problemsOf(`apiVersion: platform.waystone.dev/v1alpha1
kind: Aplication
metadata:
  name: Loyalty_Service
spec:
  ownr: orders
  system: orders
  version: latest
  replicas: many
  size: Small
  tier: 4
  ports:
    - name: http
      port: 99999
    - { name: web, prot: 1 }
  env:
    bad-name: x
    OK: { secret: s }
    ALSO: [1]
  probes:
    readiness: { path: health }
  resources:
    limits: { memory: 1GB }
  environments:
    production:
      replica: 3
      slos: { availability: { objective: 99.9999 } }
      patches:
        - target: { kind: Deployment }
          stratgic: {}
`),
    ).toMatchInlineSnapshot(`
      [
        "2:1 unknown-value kind | 'kind' can't be 'Aplication'. | Did you mean 'Application'?",
        "4:3 invalid-value metadata.name | 'name' is 'Loyalty_Service', which is not made of lower-case letters, digits and dashes, beginning with a letter. | Such as 'loyalty-service'.",
        "5:1 missing-field spec.owner | 'owner' is missing. | Add it. The team that is called when it breaks.",
        "6:3 unknown-field spec.ownr | There is no field 'ownr' here. | Did you mean 'owner'?",
        "8:3 invalid-value spec.version | 'version' is 'latest', which moves, so that nobody knows what runs. | The tag of the image; wins over a tag in image.",
        "9:3 invalid-value spec.replicas | 'replicas' is 'many', which is neither auto nor a number from 0 to 500. | Write one of them.",
        "10:3 unknown-value spec.size | 'size' can't be 'Small'. | Did you mean 'small'?",
        "11:3 invalid-value spec.tier | 'tier' is '4', which is not 1, 2 or 3. | 1 is the most important. Default: 3.",
        "14:7 invalid-value spec.ports[0].port | 'port' is '99999', which is more than 65535. | At most 65535.",
        "15:7 missing-field spec.ports[1].port | 'port' is missing. | Add it. Where the container listens.",
        "15:20 unknown-field spec.ports[1].prot | There is no field 'prot' here. | Did you mean 'port'?",
        "17:5 invalid-key spec.env.bad-name | The key 'bad-name' is not made of letters, digits and underscores. | Rename it.",
        "18:5 missing-field spec.env.OK.key | 'key' is missing. | Add it. Which of its keys.",
        "19:5 invalid-value spec.env.ALSO | 'ALSO' is '[1]', which is neither a text, nor {secret, key}, nor {binding, key}. | Write one of them.",
        "21:18 invalid-value spec.probes.readiness.path | 'path' is 'health', which is not a path. | Such as /health/ready.",
        "23:15 invalid-value spec.resources.limits.memory | 'memory' is '1GB', which is not an amount of memory. | Such as 256Mi.",
        "26:7 unknown-field spec.environments.production.replica | There is no field 'replica' here. | Did you mean 'replicas'?",
        "27:31 invalid-value spec.environments.production.slos.availability.objective | 'objective' is '99.9999', which is more than 99.999. | At most 99.999.",
        "29:11 missing-field spec.environments.production.patches[0].strategic | 'strategic' is missing. | Add it. Merged as kubectl patch does it.",
        "30:11 unknown-field spec.environments.production.patches[0].stratgic | There is no field 'stratgic' here. | Did you mean 'strategic'?",
      ]
    `);
  });

  it.each([
    [
      'replicas: 2\n  scaling: { min: 1 }',
      'replicas-and-scaling',
      'spec.replicas',
    ],
    ['scaling: { min: 5, max: 2 }', 'min-over-max', 'spec.scaling.min'],
    ['ingress: { port: htpt }', 'unknown-port', 'spec.ingress.port'],
    [
      'env: { A: { binding: databse, key: uri } }\n  bindings: [{ name: database, kind: PostgreSQLInstance }]',
      'unknown-binding',
      'spec.env.A.binding',
    ],
    [
      'ports: [{ name: a, port: 1 }, { name: a, port: 2 }]',
      'duplicate-name',
      'spec.ports[1].name',
    ],
    [
      'resources: { requests: { cpu: "2" }, limits: { cpu: 500m } }',
      'request-over-limit',
      'spec.resources.requests.cpu',
    ],
    [
      'slos: { latency: { threshold: 300ms } }',
      'not-a-bucket',
      'spec.slos.latency.threshold',
    ],
  ])('finds what does not fit: %s', (more, code, field) => {
    const { value, problems } = readApplication(`${HEAD}  ${more}\n`);
    expect(value).toBeUndefined();
    expect(problems).toMatchObject([{ code, field, line: expect.any(Number) }]);
    expect(problems[0].suggestion).toEqual(expect.any(String));
    expect(problems[0].line).toBeGreaterThan(8);
  });

  it('wants to know which version runs, once', () => {
    const text = HEAD.replace('  version: 1.0.0\n', '');
    expect(problemsOf(text)).toEqual([
      expect.stringContaining('missing-version spec.version'),
    ]);
    expect(
      problemsOf(`${text}  environments: { a: {}, b: {} }\n`),
    ).toHaveLength(1);
    expect(
      problemsOf(`${text}  environments: { a: { version: '1' }, b: {} }\n`),
    ).toEqual([
      expect.stringContaining('missing-version spec.environments.b.version'),
    ]);
    expect(
      problemsOf(`${text}  image: a.b/c@sha256:${'0'.repeat(64)}\n`),
    ).toEqual([]);
  });

  const laughs = Array.from({ length: 9 }, (_, index) =>
    index === 0
      ? 'a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]'
      : `a${index}: &a${index} [${Array(9)
          .fill(`*a${index - 1}`)
          .join(', ')}]`,
  ).join('\n');

  it.each([
    ['a billion laughs', laughs, 'too-complex'],
    ['a value that contains itself', 'a: &a { b: *a }', 'too-complex'],
    ['a megabyte', `${HEAD}# ${'x'.repeat(1_000_000)}`, 'too-large'],
    [
      'too many fields',
      `${HEAD}  args: [${'a,'.repeat(60_000)}]`,
      'too-complex',
    ],
    ['flow nesting', `a: ${'['.repeat(50_000)}`, 'too-complex'],
    ['nesting in a line', `${'- '.repeat(50_000)}a`, 'too-complex'],
    [
      'nesting in lines',
      Array.from({ length: 600 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'),
      'too-complex',
    ],
    ['the prototype', `${HEAD}  env: { __proto__: { a: b } }`, 'forbidden-key'],
    [
      'a constructor',
      `${HEAD}  environments: { constructor: {} }`,
      'forbidden-key',
    ],
    ['a key that is a list', '? [a]\n: b', 'forbidden-key'],
    ['a key that is there twice', 'kind: A\nkind: B', 'duplicate-key'],
    ['two documents', `${HEAD}---\n${HEAD}`, 'several-documents'],
    ['a tab', 'a:\n\tb: c', 'yaml-syntax'],
    ['a tag of code', 'a: !!js/function "x"\nb: [', 'yaml-syntax'],
    ['nothing', '', 'not-an-object'],
    ['a list', '- a', 'not-an-object'],
  ])('refuses %s', (_, text, code) => {
    const { value, problems } = readApplication(text);
    expect(value).toBeUndefined();
    expect(problems[0]).toMatchObject({ code, line: expect.any(Number) });
    expect(JSON.stringify(problems).length).toBeLessThan(10_000);
  });

  it.each([
    [
      'metadata.name',
      'name',
      ['a"b', 'a}}b', 'a\nb', '../x', 'a b', 'a{b="c"}'],
    ],
    [
      'spec.owner',
      'owner',
      ['a"} or up{x="', '{{ $value }}', 'user:a/b', '-a'],
    ],
    ['spec.system', 'system', ['a/../b', 'A', 'a.b', '']],
  ])(
    'lets nothing into %s that means something elsewhere',
    (field, key, bad) => {
      for (const value of bad) {
        const text = HEAD.replace(
          new RegExp(`  ${key}: .*`),
          `  ${key}: ${JSON.stringify(value)}`,
        );
        expect(readApplication(text).problems).toMatchObject([{ field }]);
      }
    },
  );

  it('refuses characters that no cluster takes', () => {
    for (const bad of ['\\u007f', '\\0', '\\u0085', '\\uFFFE', '\\uD800']) {
      expect(
        readApplication(`${HEAD}  env: { A: "x${bad}" }\n  args: ["${bad}"]\n`)
          .problems,
      ).toMatchObject(
        [{ field: 'spec.args[0]' }, { field: 'spec.env.A' }].reverse(),
      );
    }
  });

  it.each(readFixtures('applications'))('reads %s', (_, text) => {
    expect(readApplication(text).problems).toEqual([]);
  });
});

describe('the published JSON Schemas', () => {
  const schemas = {
    application: createApplicationJsonSchema(),
    'service-request': createServiceRequestJsonSchema(),
  };

  it.each(Object.entries(schemas))('are current: %s', (name, schema) => {
    const text = `${JSON.stringify(schema, undefined, 2)}\n`;
    expect(goldenFile(`schema/${name}.schema.json`, text)).toBe(text);
  });

  it('take what is read, and refuse what is not', () => {
    const ajv = new Ajv({ strict: false, validateFormats: false });
    const application = ajv.compile(schemas.application);
    for (const [, text] of readFixtures('applications')) {
      application(parse(text));
      expect(application.errors).toBeNull();
    }
    expect(application(parse(`${HEAD}  replica: 1`))).toBe(false);
    const request = ajv.compile(schemas['service-request']);
    for (const [, text] of readFixtures('requests')) {
      expect(readServiceRequest(text).problems).toEqual([]);
      expect(request(parse(text))).toBe(true);
    }
  });
});
