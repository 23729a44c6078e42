import type { KubernetesCluster } from '../../kubernetes/KubernetesCluster';
import { fillTemplate } from '../fillTemplate';
import type { TemplateParameters } from '../fillTemplate';
import type { GitRepositories } from '../git/GitRepositories';
import { isJsonObject } from '../rendering/Json';
import type { Json } from '../rendering/Json';
import { findDirectories } from './findDirectories';
import type { DirectoriesGenerator } from './findDirectories';
import { findGiteaRepositories } from './findGiteaRepositories';
import type { GiteaGenerator } from './findGiteaRepositories';

/** What is asked by generators. @internal */
export interface GeneratorOptions {
  readonly home: KubernetesCluster;
  readonly repositories: GitRepositories;
  /** Of the ApplicationSet, and of the secrets that it names. */
  readonly namespace: string;
  readonly goTemplate: boolean;
}

/** One generator; its schema was checked when the ApplicationSet was stored. */
interface Generator {
  readonly list?: { readonly elements?: readonly TemplateParameters[] };
  readonly git?: Partial<DirectoriesGenerator>;
  readonly scmProvider?: Partial<GiteaGenerator>;
  readonly matrix?: { readonly generators: readonly Generator[] };
}

/**
 * The parameters of all Applications that generators ask for.
 *
 * @throws If there is one that the sandbox does not have.
 *
 * @internal
 */
export async function runGenerators(
  generators: readonly Generator[],
  options: GeneratorOptions,
): Promise<TemplateParameters[]> {
  const results: TemplateParameters[] = [];
  for (const generator of generators) {
    results.push(...(await runGenerator(generator, options)));
  }
  return results;
}

async function runGenerator(
  generator: Generator,
  options: GeneratorOptions,
): Promise<readonly TemplateParameters[]> {
  const { git, list, matrix, scmProvider } = generator;
  if (list) {
    return list.elements ?? [];
  }
  if (git?.directories) {
    return findDirectories(git as DirectoriesGenerator, options);
  }
  if (scmProvider?.gitea && options.goTemplate) {
    return findGiteaRepositories(scmProvider as GiteaGenerator, options);
  }
  if (matrix) {
    return multiply(matrix.generators, options);
  }
  throw new Error(
    `the sandbox has generators of lists, of directories in Git, of a Gitea with Go templates, and their matrix, not ${Object.keys(
      generator,
    ).join(', ')}`,
  );
}

/** Every result of the first generator with those that the second has for it. */
async function multiply(
  [first, second]: readonly Generator[],
  options: GeneratorOptions,
): Promise<TemplateParameters[]> {
  const results: TemplateParameters[] = [];
  for (const outer of await runGenerator(first, options)) {
    const filled = fillTemplate(
      second as unknown as Json,
      outer,
      options.goTemplate,
    );
    for (const inner of await runGenerator(filled as Generator, options)) {
      results.push(merge(outer, inner));
    }
  }
  return results;
}

function merge(
  outer: TemplateParameters,
  inner: TemplateParameters,
): TemplateParameters {
  const values = [outer.values, inner.values].filter(isJsonObject);
  return {
    ...outer,
    ...inner,
    ...(values.length > 0 && { values: Object.assign({}, ...values) }),
  };
}
