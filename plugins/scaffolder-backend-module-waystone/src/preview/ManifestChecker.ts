import type { Environments } from '@waystone/environments';
import { kubernetesFailureOf, UpstreamError } from '@waystone/integrations';
import type {
  KubernetesManifest,
  KubernetesService,
} from '@waystone/integrations';
import type { Verdict } from '@waystone/plugin-golden-paths-common';
import { parseAllDocuments } from 'yaml';

/** Has clusters say what their policies think of manifests, without storing any. */
export class ManifestChecker {
  readonly #environments: Environments;
  readonly #kubernetes: KubernetesService;

  constructor(options: {
    readonly environments: Environments;
    readonly kubernetes: KubernetesService;
  }) {
    this.#environments = options.environments;
    this.#kubernetes = options.kubernetes;
  }

  /** @param files - those in `deploy/<environment>/` are checked */
  async check(
    files: readonly { readonly path: string; readonly content: Buffer }[],
  ): Promise<Verdict[]> {
    const verdicts = await Promise.all(
      this.#environments.all.map(async ({ cluster, name }) => {
        const manifests = files
          .filter(({ path }) => path.startsWith(`deploy/${name}/`))
          .flatMap(({ content }) =>
            parseAllDocuments(content.toString('utf8')).map(
              document => document.toJS() as KubernetesManifest,
            ),
          );
        const found = await Promise.all(
          manifests.map(manifest => this.#ask(cluster, manifest)),
        );
        return found
          .flat()
          .map(verdict => ({ ...verdict, source: `${cluster}, ${name}` }));
      }),
    );
    const seen = new Set<string>();
    // A cluster that cannot be asked says so once
    return verdicts.flat().filter(({ message, source }) => {
      const key = `${source} ${message}`;
      return !seen.has(key) && seen.add(key);
    });
  }

  async #ask(
    cluster: string,
    manifest: KubernetesManifest,
  ): Promise<Omit<Verdict, 'source'>[]> {
    try {
      const { warnings } = await this.#kubernetes
        .cluster(cluster)
        .apply(manifest, {
          dryRun: true,
          fieldManager: 'waystone-golden-path',
        });
      return warnings.map(message => ({ severity: 'warning', message }));
    } catch (error) {
      if (!(error instanceof UpstreamError)) {
        throw error;
      }
      const type = kubernetesFailureOf(error)?.type;
      if (type === 'policy-denied' || type === 'invalid') {
        return [
          {
            severity: 'error',
            message: `${manifest.kind} ${manifest.metadata.name}: ${error.reason}`,
          },
        ];
      }
      return [
        {
          severity: 'warning',
          message:
            error.code === 'denied'
              ? 'The portal may not ask this cluster what its policies say: it takes the permission to patch what applications consist of'
              : `The cluster cannot be asked: ${error.reason}`,
        },
      ];
    }
  }
}
