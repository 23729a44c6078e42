import type { ApplicationSource } from '../ApplicationTypes';
import type { JsonObject } from './Json';
import {
  buildKustomization,
  findKustomizationFile,
} from './kustomize/buildKustomization';
import { matchesGlob } from './matchesGlob';
import { overrideKustomization } from './overrideKustomization';
import type { BuildEnvironment } from './overrideKustomization';
import { parseManifests } from './parseManifests';
import { RenderError } from './RenderError';
import { resolveInTree } from './SourceTree';
import type { SourceTree } from './SourceTree';

/** @internal */
export interface RenderedSource {
  readonly sourceType: 'Directory' | 'Kustomize';
  readonly objects: readonly JsonObject[];
}

/**
 * Makes the Kubernetes objects of one source of an Application.
 *
 * @throws {@link RenderError} in Argo CD's words where it has some.
 * @internal
 */
export function renderSource(
  tree: SourceTree,
  source: ApplicationSource,
  environment: BuildEnvironment,
): RenderedSource {
  if (source.chart || source.helm) {
    throw new RenderError(
      'the sandbox has no Helm: use plain manifests or kustomize, or commit what helm template prints',
    );
  }
  if (source.plugin) {
    throw new RenderError('the sandbox has no config management plugins');
  }
  const folder = resolveInTree('', source.path ?? '');
  if (!tree.isFolder(folder)) {
    throw new RenderError(`${source.path}: app path does not exist`);
  }
  const names = tree.list(folder);
  if (
    source.kustomize ||
    (!source.directory && findKustomizationFile(tree, folder))
  ) {
    return {
      sourceType: 'Kustomize',
      objects: renderKustomize(tree, folder, source, environment),
    };
  }
  if (!source.directory && names.includes('Chart.yaml')) {
    throw new RenderError(
      `${source.path}: the sandbox has no Helm: use plain manifests or kustomize, or commit what helm template prints`,
    );
  }
  return {
    sourceType: 'Directory',
    objects: renderFolder(tree, folder, source),
  };
}

function renderKustomize(
  tree: SourceTree,
  folder: string,
  source: ApplicationSource,
  environment: BuildEnvironment,
): JsonObject[] {
  try {
    return buildKustomization(tree, folder, kustomization =>
      overrideKustomization(
        kustomization,
        source.kustomize ?? {},
        environment,
        path => tree.isFolder(resolveInTree(folder, path)),
      ),
    );
  } catch (error) {
    throw new RenderError(
      `\`kustomize build <path to cached source>/${folder}\` failed exit status 1: Error: ${
        (error as Error).message
      }`,
    );
  }
}

function renderFolder(
  tree: SourceTree,
  folder: string,
  source: ApplicationSource,
): JsonObject[] {
  const { recurse, include, exclude } = source.directory ?? {};
  const files = listFiles(tree, folder, '', recurse ?? false).filter(
    path =>
      /\.(yaml|yml|json|jsonnet)$/.test(path) &&
      !(exclude && matchesGlob(exclude, path)) &&
      (!include || matchesGlob(include, path)),
  );
  return files.flatMap(path => {
    if (path.endsWith('.jsonnet')) {
      throw new RenderError(`${path}: the sandbox has no Jsonnet`);
    }
    const text = tree.readText(resolveInTree(folder, path)) ?? '';
    return text.includes('+argocd:skip-file-rendering')
      ? []
      : parseManifests(text, path);
  });
}

function listFiles(
  tree: SourceTree,
  folder: string,
  prefix: string,
  recurse: boolean,
): string[] {
  return tree.list(folder).flatMap(name => {
    const path = resolveInTree(folder, name);
    if (!tree.isFolder(path)) {
      return [`${prefix}${name}`];
    }
    return recurse ? listFiles(tree, path, `${prefix}${name}/`, recurse) : [];
  });
}
