import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, parseDocument } from 'yaml';
import { compile, runsIn } from './compile';
import type { Compilation } from './compile';
import { toFiles } from './output/printManifest';
import { printYaml } from './output/printYaml';
import { readApplication } from './readApplication';
import { createValidator } from './__testUtils__/createValidator';
import {
  environments,
  goldenFile,
  platform,
  readFixtures,
} from './__testUtils__/fixtures';

const [development, production] = environments;
const fixtures = readFixtures('applications');
const validate = createValidator();

function applicationOf(text: string) {
  const { value, problems } = readApplication(text);
  expect(problems).toEqual([]);
  return value!;
}

function compileText(text: string, environment = production): Compilation {
  return compile({ application: applicationOf(text), environment, platform });
}

const specs = fixtures.flatMap(([name, text]) =>
  environments
    .filter(each => runsIn(applicationOf(text), each.name))
    .map(environment => ({ name, environment, text })),
);

/** What promtool says of files of rules. */
function checkRules(texts: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'application-model-rules-'));
  try {
    const files = texts.map((text, index) => {
      const file = join(folder, `${index}.yaml`);
      writeFileSync(file, text);
      return file;
    });
    const { status, stderr } = spawnSync(
      'promtool',
      ['check', 'rules', '--lint=all', '--lint-fatal', ...files],
      { encoding: 'utf8' },
    );
    return { status, stderr };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('what is compiled', () => {
  it.each(specs)(
    'is as it was of $name in $environment.name',
    ({ name, environment, text }) => {
      const compilation = compileText(text, environment);
      expect(compilation.problems).toEqual([]);
      const files = toFiles(compilation);
      const all = Object.entries(files)
        .map(([file, content]) => `# ${file}\n${content}`)
        .join('---\n');
      expect(
        goldenFile(
          `src/__fixtures__/golden/${name}.${environment.name}.yaml`,
          all,
        ),
      ).toBe(all);
      expect(toFiles(compileText(text, environment))).toEqual(files);
      compilation.manifests.forEach(({ file, object }) => {
        // What is written is what was checked, whichever version of YAML reads it
        expect(parse(files[file])).toEqual(object);
        expect(parseDocument(files[file], { version: '1.1' }).toJS()).toEqual(
          object,
        );
      });
    },
  );

  it.each(specs)(
    'is valid for Kubernetes 1.34 and the operators, of $name in $environment.name',
    ({ text, environment }) => {
      const { manifests } = compileText(text, environment);
      expect(manifests.length).toBeGreaterThan(3);
      expect(manifests.flatMap(({ object }) => validate(object))).toEqual([]);
    },
  );

  it('would not be valid with a field that does not exist', () => {
    const { manifests } = compileText(fixtures[0][1]);
    const deployment = structuredClone(
      manifests.find(({ object }) => object.kind === 'Deployment')!.object,
    ) as any;
    deployment.spec.template.spec.containers[0].privileged = true;
    deployment.spec.replicas = 'many';
    expect(validate(deployment)).toEqual([
      expect.stringContaining('must be integer'),
      expect.stringContaining('"additionalProperty":"privileged"'),
    ]);
  });

  it.each(specs)(
    'is secure and says whose it is, of $name in $environment.name',
    ({ text, environment }) => {
      const application = applicationOf(text);
      const { manifests } = compileText(text, environment);
      for (const { object, extra } of manifests) {
        expect(object.metadata.labels).toMatchObject({
          owner: 'orders',
          'cost-center': application.spec.costCenter ?? 'cc-orders',
          environment: environment.name,
          'app.kubernetes.io/part-of': 'orders',
          'app.kubernetes.io/version': expect.stringMatching(/^[\w.-]{1,63}$/),
        });
        expect(extra).toBe(object.metadata.name === 'patched-rules');
      }
      const byKind = (kind: string) =>
        manifests.find(({ object }) => object.kind === kind)?.object as any;
      const workload = byKind('Deployment') ?? byKind('CronJob');
      const template =
        workload.spec.template ?? workload.spec.jobTemplate.spec.template;
      expect(template.spec).toMatchObject({
        automountServiceAccountToken: false,
        serviceAccountName: application.metadata.name,
        securityContext: {
          runAsNonRoot: true,
          seccompProfile: { type: 'RuntimeDefault' },
        },
        containers: [
          {
            image: expect.stringMatching(/(:[^:/]+|@sha256:[0-9a-f]{64})$/),
            resources: {
              requests: { cpu: expect.any(String), memory: expect.any(String) },
              limits: { cpu: expect.any(String), memory: expect.any(String) },
            },
            securityContext: {
              allowPrivilegeEscalation: false,
              readOnlyRootFilesystem: true,
              capabilities: { drop: ['ALL'] },
            },
          },
        ],
      });
      expect(byKind('ServiceAccount').automountServiceAccountToken).toBe(false);
      expect(byKind('NetworkPolicy').spec.policyTypes).toEqual([
        'Ingress',
        'Egress',
      ]);
    },
  );
});

const promtool = spawnSync('promtool', ['--version']).status === 0;

(promtool ? describe : describe.skip)(
  `rules${promtool ? '' : ' (skipped: promtool is not on PATH)'}`,
  () => {
    it('pass promtool check rules', () => {
      const rules = specs.flatMap(({ text, environment }) =>
        compileText(text, environment).manifests.filter(
          ({ object }) => object.kind === 'PrometheusRule',
        ),
      );
      expect(rules.length).toBeGreaterThan(10);
      expect(
        checkRules(rules.map(({ object }) => printYaml(object.spec as object))),
      ).toEqual({ status: 0, stderr: '' });
    });
  },
);

describe('alerts', () => {
  it('fire for budgets that are spent too fast, by the window and the objective', () => {
    const thresholds = (slos: string, environment = production) =>
      (
        compileText(
          `apiVersion: platform.waystone.dev/v1alpha1
kind: Application
metadata: { name: a1 }
spec: { owner: o, system: s, version: '1', slos: ${slos} }`,
          environment,
        ).manifests.find(({ object }) => object.kind === 'PrometheusRule')!
          .object as any
      ).spec.groups[1].rules
        .filter(({ alert }: any) => alert === 'ErrorBudgetBurn')
        .map(({ expr, labels }: any) => [
          labels.window,
          labels.severity,
          Number(/> ([\d.]+) and/.exec(expr)![1]),
        ]);
    const one = '{availability: {objective: 99.9}, latency: false';
    // The table of Google's SRE workbook
    expect(thresholds(`${one}}`)).toEqual([
      ['1h', 'critical', 0.0144],
      ['6h', 'critical', 0.006],
      ['1d', 'warning', 0.003],
      ['3d', 'warning', 0.001],
    ]);
    expect(thresholds(`${one}}`, development)[0][1]).toBe('warning');
    // In a week the slow windows would alert on less than what the budget allows
    expect(thresholds(`${one}, window: 7d}`)).toEqual([
      ['1h', 'critical', 0.00336],
      ['6h', 'critical', 0.0014],
    ]);
    // More than all requests can't fail
    expect(
      thresholds('{availability: {objective: 90}, latency: false}').map(
        ([window]: any) => window,
      ),
    ).toEqual(['6h', '1d', '3d']);
  });
});

describe('an application in an environment', () => {
  const text = (spec: string) => `apiVersion: platform.waystone.dev/v1alpha1
kind: Application
metadata: { name: a1 }
spec:
  owner: group:default/orders
  system: orders
${spec.replace(/^/gm, '  ')}`;
  const podOf = ({ manifests }: Compilation) =>
    (
      manifests.find(({ object }) => object.kind === 'Deployment')!
        .object as any
    ).spec.template.spec.containers[0];

  it.each([
    ['version: 1.0.0', 'registry.example.com/orders/a1:1.0.0', '1.0.0'],
    ['image: a.b/c:2\nversion: 1.0.0', 'a.b/c:1.0.0', '1.0.0'],
    ['image: a.b:5000/c:2', 'a.b:5000/c:2', '2'],
    [
      'version: 1.0.0\nenvironments: { production: { image: "a.b/c:9" } }',
      'a.b/c:9',
      '9',
    ],
    [
      'image: a.b/c:2\nenvironments: { production: { version: 3.0.0 } }',
      'a.b/c:3.0.0',
      '3.0.0',
    ],
  ])('runs the version that is said last: %s', (spec, image, version) => {
    const compilation = compileText(text(spec));
    expect(podOf(compilation).image).toBe(image);
    expect(
      compilation.manifests[0].object.metadata.labels![
        'app.kubernetes.io/version'
      ],
    ).toBe(version);
  });

  it('does not run where it is not said to run', () => {
    const compilation = compileText(
      text('version: 1.0.0\nenvironments: { staging: {} }'),
    );
    expect(compilation.manifests).toEqual([]);
    expect(compilation.problems).toMatchObject([
      { code: 'not-in-environment', field: 'spec.environments' },
    ]);
  });

  it('gives variables their values as they are written', () => {
    const { env } = podOf(
      compileText(
        text(`version: '1'
env: { A: '$(HOME) $$(HOME) $x $$ a', PORT: 9, B: { binding: d, key: host } }
bindings: [{ name: d, kind: RedisInstance, env: {} }]`),
      ),
    );
    const values = new Map<string, string>(
      env.map(({ name, value }: any) => [name, value]),
    );
    // As Kubernetes replaces them
    expect(
      values
        .get('A')!
        .replace(/\$\$|\$\(\w+\)/g, found => (found === '$$' ? '$' : '?')),
    ).toBe('$(HOME) $$(HOME) $x $$ a');
    expect(env.filter(({ name }: any) => name === 'PORT')).toEqual([
      { name: 'PORT', value: '9' },
    ]);
    expect(env.at(-2)).toEqual({
      name: 'B',
      valueFrom: { secretKeyRef: { name: 'a1-d-connection', key: 'host' } },
    });
  });

  it('is scaled by who speaks last', () => {
    const kinds = (spec: string) =>
      compileText(text(spec)).manifests.map(({ object }) => object.kind);
    expect(kinds('version: "1"\nscaling: { min: 2 }')).toContain(
      'HorizontalPodAutoscaler',
    );
    expect(
      kinds(
        'version: "1"\nscaling: { min: 2 }\nenvironments: { production: { replicas: 1 } }',
      ),
    ).not.toContain('HorizontalPodAutoscaler');
    expect(kinds('version: "1"\ntier: 1')).toContain('PodDisruptionBudget');
    expect(kinds('version: "1"\ntier: 3')).not.toContain('PodDisruptionBudget');
  });
});

describe('patches and extra manifests', () => {
  const text = (more: string) => `apiVersion: platform.waystone.dev/v1alpha1
kind: Application
metadata: { name: a1 }
spec:
  owner: orders
  system: orders
  version: 1.0.0
  ${more}`;

  it('are marked and counted', () => {
    const compilation = compileText(
      fixtures.find(([name]) => name === 'patched')![1],
    );
    expect(compilation.offThePath).toEqual({ patches: 2, manifests: 1 });
    const files = toFiles(compilation);
    expect(files['deploy/production/deployment.yaml']).toMatch(
      /# Off the path: changed by 1 patch\.\n[^]*waystone.dev\/patches: '1'[^]*- # off the path, spec\.environments\.production\.patches\[0\]: talks to hardware of the warehouse\n +name: SCANNER/,
    );
    expect(
      files['deploy/production/extra-configmap-patched-rules.yaml'],
    ).toMatch(/# Off the path: an object[^]*waystone\.dev\/extra: 'true'/);
    expect(compileText(fixtures[0][1]).offThePath).toEqual({
      patches: 0,
      manifests: 0,
    });
  });

  it.each([
    [
      'patches: [{target: {kind: Ingress}, strategic: {}}]',
      'patch-without-target',
      'spec.patches[0].target',
    ],
    [
      'patches: [{target: {kind: Deployment}, json: [{op: replace, path: /spec/nothing/here, value: 1}]}]',
      'patch-fails',
      'spec.patches[0]',
    ],
    [
      'patches: [{target: {kind: Deployment}, json: [{op: add, path: /constructor/prototype/polluted, value: 1}]}]',
      'patch-fails',
      'spec.patches[0]',
    ],
    [
      'patches: [{target: {kind: Deployment}, strategic: {metadata: {namespace: kube-system}}}]',
      'patch-changes-identity',
      'spec.patches[0]',
    ],
    [
      'patches: [{target: {kind: Deployment}, strategic: {metadata: null}}]',
      'patch-changes-identity',
      'spec.patches[0]',
    ],
    [
      'manifests: [{apiVersion: v1, kind: Secret, metadata: {name: s}, stringData: {a: b}}]',
      'secret-in-git',
      'spec.manifests[0].kind',
    ],
    [
      'manifests: [{apiVersion: v1, kind: ConfigMap, metadata: {name: s, namespace: kube-system}}]',
      'other-namespace',
      'spec.manifests[0].metadata.namespace',
    ],
    [
      'manifests: [{apiVersion: apps/v1, kind: Deployment, metadata: {name: a1}}]',
      'duplicate-manifest',
      'spec.manifests',
    ],
  ])('are refused: %s', (more, code, field) => {
    const compilation = compileText(text(more));
    expect(compilation.problems).toMatchObject([
      { code, field, severity: 'error' },
    ]);
    expect(compilation.manifests).toEqual([]);
    expect(({} as any).polluted).toBeUndefined();
  });
});
