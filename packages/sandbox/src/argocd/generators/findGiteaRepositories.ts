import { z } from 'zod';
import type { KubernetesCluster } from '../../kubernetes/KubernetesCluster';
import type { TemplateParameters } from '../fillTemplate';

/** What an SCM provider generator says of a Gitea. @internal */
export interface GiteaGenerator {
  readonly gitea: {
    readonly owner: string;
    readonly api: string;
    readonly excludeArchivedRepos?: boolean;
    readonly tokenRef?: { readonly secretName: string; readonly key: string };
  };
  readonly filters?: readonly {
    readonly repositoryMatch?: string;
    readonly pathsExist?: readonly string[];
    readonly pathsDoNotExist?: readonly string[];
  }[];
  readonly values?: Readonly<Record<string, string>>;
}

/** As many as Gitea tells at once. */
const PAGE = 50;

const repositoriesSchema = z.array(
  z.object({
    name: z.string(),
    clone_url: z.string(),
    default_branch: z.string(),
    archived: z.boolean().optional(),
    empty: z.boolean().optional(),
  }),
);
type Repository = z.output<typeof repositoriesSchema>[number];

/**
 * The repositories of an organisation that pass one of the filters, with their default branch.
 *
 * @internal
 */
export async function findGiteaRepositories(
  generator: GiteaGenerator,
  options: {
    readonly home: KubernetesCluster;
    readonly namespace: string;
  },
): Promise<TemplateParameters[]> {
  const { filters = [], gitea, values } = generator;
  const token = readToken(gitea.tokenRef, options);
  const ask = (path: string) =>
    fetch(`${gitea.api.replace(/\/+$/, '')}/api/v1${path}`, {
      headers: token ? { Authorization: `token ${token}` } : {},
    });
  const repositories: Repository[] = [];
  for (let page = 1; ; page += 1) {
    const response = await ask(
      `/orgs/${encodeURIComponent(
        gitea.owner,
      )}/repos?limit=${PAGE}&page=${page}`,
    );
    if (!response.ok) {
      throw new Error(
        `error listing repos: the Git server answered ${response.status}`,
      );
    }
    const found = repositoriesSchema.parse(await response.json());
    repositories.push(...found);
    if (found.length < PAGE) {
      break;
    }
  }
  const has = async ({ default_branch: ref, name }: Repository, path: string) =>
    (
      await ask(
        `/repos/${encodeURIComponent(gitea.owner)}/${encodeURIComponent(
          name,
        )}/contents/${path}?ref=${encodeURIComponent(ref)}`,
      )
    ).ok;
  const passes = async (
    repository: Repository,
    filter: NonNullable<GiteaGenerator['filters']>[number],
  ) => {
    const { pathsDoNotExist = [], pathsExist = [], repositoryMatch } = filter;
    if (repositoryMatch && !new RegExp(repositoryMatch).test(repository.name)) {
      return false;
    }
    const [wanted, unwanted] = await Promise.all(
      [pathsExist, pathsDoNotExist].map(paths =>
        Promise.all(paths.map(path => has(repository, path))),
      ),
    );
    return wanted.every(Boolean) && !unwanted.some(Boolean);
  };
  const results: TemplateParameters[] = [];
  for (const repository of repositories) {
    const hidden =
      repository.empty || (gitea.excludeArchivedRepos && repository.archived);
    const passed = await Promise.all(
      filters.map(filter => passes(repository, filter)),
    );
    if (!hidden && (filters.length === 0 || passed.some(Boolean))) {
      results.push({
        organization: gitea.owner,
        repository: repository.name,
        url: repository.clone_url,
        branch: repository.default_branch,
        branchNormalized: repository.default_branch.replace(
          /[^A-Za-z0-9-.]/g,
          '-',
        ),
        ...(values && { values: { ...values } }),
      });
    }
  }
  return results;
}

function readToken(
  reference: GiteaGenerator['gitea']['tokenRef'],
  options: { readonly home: KubernetesCluster; readonly namespace: string },
): string | undefined {
  if (!reference) {
    return undefined;
  }
  const secret = options.home.get({
    apiVersion: 'v1',
    kind: 'Secret',
    namespace: options.namespace,
    name: reference.secretName,
  });
  const value: string | undefined = secret?.data?.[reference.key];
  if (value === undefined) {
    throw new Error(
      `error fetching Gitea access token: key ${reference.key} of secret ${reference.secretName} not found`,
    );
  }
  return Buffer.from(value, 'base64').toString('utf8');
}
