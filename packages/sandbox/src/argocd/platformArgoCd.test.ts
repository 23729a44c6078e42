import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ForgeServer, TOKEN } from '../forge/testUtils/ForgeServer';
import { createKubernetesCluster } from '../kubernetes/createKubernetesCluster';
import type { RunningKubernetesCluster } from '../kubernetes/createKubernetesCluster';
import type { KubernetesObject } from '../kubernetes/KubernetesCluster';
import { readKustomization } from '../policy/readKustomization';
import { ApplicationSetController } from './ApplicationSetController';
import { GitRepositories } from './git/GitRepositories';

jest.setTimeout(60_000);

describe('platform/argocd', () => {
  let cluster: RunningKubernetesCluster;
  const objects = readKustomization(
    join(__dirname, '../../../../platform/argocd'),
  );
  const ofKind = (kind: string) =>
    objects.filter(object => object.kind === kind);

  beforeEach(() => {
    cluster = createKubernetesCluster({ name: 'test' });
    cluster.create({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'argocd' },
    });
  });

  afterEach(async () => {
    await cluster.close();
  });

  it('is what Argo CD takes', () => {
    const warnings: string[] = [];
    for (const object of objects) {
      cluster.server.writer.create(
        cluster.server.registry.findKind(object)!,
        object.metadata.namespace,
        object,
        { fieldValidation: 'Strict', onWarning: text => warnings.push(text) },
      );
    }
    expect(warnings).toEqual([]);
    expect(ofKind('AppProject')).not.toEqual([]);
  });

  it('lets no repository choose its project, cluster or namespace', () => {
    const projects = new Map(
      ofKind('AppProject').map(project => [project.metadata.name, project]),
    );
    for (const set of ofKind('ApplicationSet')) {
      const { destination, project: name } = set.spec.template.spec;
      const project = projects.get(name)!;
      const generators = (
        set.spec.generators as { matrix: { generators: any[] } }[]
      ).map(({ matrix }) => matrix.generators);
      expect(project.spec.sourceRepos).not.toContain('*');
      for (const [forge, git] of generators) {
        expect(repositoriesOf(forge.scmProvider.filters)).toEqual(
          project.spec.sourceRepos.map(nameOf),
        );
        for (const { path } of git.git.directories) {
          expect(path).toMatch(/^deploy\/[a-z]+$/);
          const environment = path.split('/')[1];
          expect(allowed(project)).toContain(
            [
              destination.name.replace(
                '{{ .values.cluster }}',
                git.git.values.cluster,
              ),
              destination.namespace.replace(
                '{{ .path.basename }}',
                environment,
              ),
            ].join('/'),
          );
        }
      }
      expect(`${destination.name} ${destination.namespace}`).not.toMatch(
        /\.(?:repository|labels|url|branch|organization)/,
      );
    }
  });

  it('makes an Application of each environment of the repositories that are named', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'argocd-'));
    const forge = await ForgeServer.start();
    const controller = new ApplicationSetController({
      home: cluster,
      repositories: new GitRepositories({
        folder,
        resolve: url =>
          forge.forge.repositoryPath('example', /([^/]+)\.git$/.exec(url)![1]),
      }),
      log: () => {},
    });
    try {
      for (const [name, environments] of Object.entries({
        orders: ['development', 'staging', 'production', 'elsewhere'],
        pricing: ['development'],
        'orders-of-others': ['development', 'production'],
        docs: [],
      })) {
        await forge.forge.createRepository({
          owner: 'example',
          name,
          topics: ['ordering', 'orders'],
        });
        await forge.forge.commitFiles({
          owner: 'example',
          name,
          branch: 'main',
          message: 'Deploy',
          author: { name: 'Ada', email: 'ada@example.com' },
          files: Object.fromEntries([
            ['README.md', name],
            ...environments.map(environment => [
              `deploy/${environment}/a.yaml`,
              'kind: ConfigMap',
            ]),
          ]),
        });
      }
      cluster.create({
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'git-reader', namespace: 'argocd' },
        data: { token: Buffer.from(TOKEN).toString('base64') },
      });
      const here: KubernetesObject[] = JSON.parse(
        JSON.stringify(objects).replaceAll(
          'https://git.example.com/',
          `${forge.url}/`,
        ),
      );
      controller.start();
      here.forEach(object =>
        cluster.apply(object, { fieldManager: 'kubectl' }),
      );
      const applications = () =>
        cluster.list({
          apiVersion: 'argoproj.io/v1alpha1',
          kind: 'Application',
        });
      const statuses = () =>
        cluster
          .list({
            apiVersion: 'argoproj.io/v1alpha1',
            kind: 'ApplicationSet',
          })
          .map(({ status }) => status?.conditions?.[0].message);
      for (const end = Date.now() + 50_000; applications().length < 4; ) {
        if (Date.now() > end) {
          throw new Error(`They are not made: ${statuses()}`);
        }
        await new Promise(resolve => {
          setTimeout(resolve, 20);
        });
      }
      expect(
        applications()
          .map(
            ({ metadata, spec }) =>
              `${metadata.name} ${spec.project} ${spec.destination.name}/${spec.destination.namespace} ${spec.source.path}`,
          )
          .sort(),
      ).toEqual([
        'orders-development ordering nonprod/ordering-development deploy/development',
        'orders-production ordering prod/ordering-production deploy/production',
        'orders-staging ordering nonprod/ordering-staging deploy/staging',
        'pricing-development ordering nonprod/ordering-development deploy/development',
      ]);
      const [{ spec }] = here.filter(({ kind }) => kind === 'AppProject');
      expect(spec.sourceRepos).toContain(applications()[0].spec.source.repoURL);
    } finally {
      controller.stop();
      await forge.remove();
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('has windows for production', () => {
    for (const { metadata, spec } of ofKind('AppProject')) {
      expect(spec.syncWindows).toContainEqual(
        expect.objectContaining({
          kind: 'deny',
          namespaces: [`${metadata.name}-production`],
        }),
      );
    }
  });
});

/** The names that `^(a|b)$` matches; only this form is one that shows which they are. */
function repositoriesOf(
  filters: readonly { readonly repositoryMatch: string }[],
): string[] {
  return filters.flatMap(({ repositoryMatch }) =>
    /^\^\(([\w|-]+)\)\$$/.exec(repositoryMatch)![1].split('|'),
  );
}

function nameOf(url: string): string {
  return /([^/]+)\.git$/.exec(url)![1];
}

function allowed(project: KubernetesObject): string[] {
  return project.spec.destinations.map(
    ({ name, namespace }: { name: string; namespace: string }) =>
      `${name}/${namespace}`,
  );
}
