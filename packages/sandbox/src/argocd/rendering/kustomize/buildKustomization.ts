import { objectAt } from '../Json';
import type { JsonObject } from '../Json';
import { parseManifests } from '../parseManifests';
import { RenderError } from '../RenderError';
import { resolveInTree } from '../SourceTree';
import type { SourceTree } from '../SourceTree';
import { applyKustomizePatch } from './applyPatches';
import { generateResource } from './generateResources';
import { hashContent } from './hashName';
import { KUSTOMIZATION_FILES, parseKustomization } from './Kustomization';
import type { Kustomization, KustomizePatch } from './Kustomization';
import { KustomizeResource } from './KustomizeResource';
import { setImage } from './setImages';
import { sortResources } from './sortResources';
import {
  addAffixes,
  addAnnotations,
  addLabels,
  isLocalConfig,
  setNamespace,
  setReplicas,
} from './transformMetadata';
import { updateReferences } from './updateReferences';

/**
 * Builds a folder with a kustomization file, as `kustomize build` does.
 *
 * @param change - what is changed in the file of the folder itself before it is used
 * @returns the objects in kustomize's default order
 * @internal
 */
export function buildKustomization(
  tree: SourceTree,
  folder: string,
  change: (kustomization: Kustomization) => Kustomization = same => same,
): JsonObject[] {
  const top = readKustomization(tree, folder);
  const kustomization = change(top);
  const resources = accumulate(tree, folder, kustomization, [folder]);
  for (const resource of resources) {
    if (resource.needsHash) {
      resource.rename(`${resource.name}-${hashContent(resource.object)}`);
    }
  }
  updateReferences(resources);
  const kept = resources.filter(resource => !isLocalConfig(resource));
  return (
    kustomization.sortOptions?.order === 'fifo' ? kept : sortResources(kept)
  ).map(resource => resource.object);
}

/** The kustomization file of a folder, if it has one. @internal */
export function findKustomizationFile(
  tree: SourceTree,
  folder: string,
): string | undefined {
  const names = tree.list(folder);
  return KUSTOMIZATION_FILES.find(name => names.includes(name));
}

function readKustomization(tree: SourceTree, folder: string): Kustomization {
  const found = KUSTOMIZATION_FILES.filter(name =>
    tree.list(folder).includes(name),
  );
  if (found.length !== 1) {
    throw new RenderError(
      found.length === 0
        ? `unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization' in directory '${folder}'`
        : `Found multiple kustomization files under: ${folder}`,
    );
  }
  const file = resolveInTree(folder, found[0]);
  return parseKustomization(tree.readText(file) ?? '', file);
}

/**
 * Adds what a kustomization makes to the resources, and changes all of them as it says: for a component, these are
 * the resources of the one that includes it.
 */
function accumulate(
  tree: SourceTree,
  folder: string,
  kustomization: Kustomization,
  stack: readonly string[],
  resources: KustomizeResource[] = [],
): KustomizeResource[] {
  for (const path of [...kustomization.resources, ...kustomization.bases]) {
    append(resources, load(tree, folder, path, stack));
  }
  const files = { read: (path: string) => readFile(tree, folder, path) };
  for (const [kind, generators] of [
    ['ConfigMap', kustomization.configMapGenerator],
    ['Secret', kustomization.secretGenerator],
  ] as const) {
    for (const generator of generators) {
      generateResource(
        kind,
        generator,
        kustomization.generatorOptions,
        files,
        resources,
      );
    }
  }
  for (const path of kustomization.components) {
    const component = enter(tree, folder, path, stack);
    accumulate(
      tree,
      component.folder,
      component.kustomization,
      [...stack, component.folder],
      resources,
    );
  }
  transform(resources, kustomization, patch =>
    patch.patch !== undefined
      ? patch.patch
      : readFile(tree, folder, patch.path ?? '').toString('utf8'),
  );
  return resources;
}

function readFile(tree: SourceTree, folder: string, path: string): Buffer {
  const content = tree.read(resolveInTree(folder, path));
  if (content === undefined) {
    throw new RenderError(
      `evalsymlink failure on '${path}' : no such file or directory`,
    );
  }
  return content;
}

function enter(
  tree: SourceTree,
  folder: string,
  path: string,
  stack: readonly string[],
): { folder: string; kustomization: Kustomization } {
  const target = resolveInTree(folder, path);
  if (!tree.isFolder(target)) {
    throw new RenderError(
      `accumulating components: accumulateDirectory: "couldn't make target for path '${path}': no such directory"`,
    );
  }
  if (stack.includes(target)) {
    throw new RenderError(`cycle detected: candidate root '${target}'`);
  }
  return { folder: target, kustomization: readKustomization(tree, target) };
}

function load(
  tree: SourceTree,
  folder: string,
  path: string,
  stack: readonly string[],
): KustomizeResource[] {
  if (/^[a-z+]+:\/\/|^git@|^github\.com\//.test(path)) {
    throw new RenderError(
      `accumulating resources from '${path}': the sandbox's kustomize reads only what is in the repository`,
    );
  }
  const target = resolveInTree(folder, path);
  if (tree.isFolder(target)) {
    if (stack.includes(target)) {
      throw new RenderError(
        `accumulating resources: cycle detected: candidate root '${target}' contains visited root '${stack[0]}'`,
      );
    }
    return accumulate(tree, target, readKustomization(tree, target), [
      ...stack,
      target,
    ]);
  }
  const text = tree.readText(target);
  if (text === undefined) {
    throw new RenderError(
      `accumulating resources: accumulation err='accumulating resources from '${path}': open <path to cached source>/${target}: no such file or directory'`,
    );
  }
  return parseManifests(text, path).map(
    object => new KustomizeResource(withNormalMetadata(object)),
  );
}

function withNormalMetadata(object: JsonObject): JsonObject {
  if (!objectAt(object, 'metadata')) {
    object.metadata = {};
  }
  return object;
}

function append(
  resources: KustomizeResource[],
  added: readonly KustomizeResource[],
) {
  for (const resource of added) {
    const [id] = resource.ids();
    const same = resources.some(other => {
      const [otherId] = other.ids();
      return (
        otherId.group === id.group &&
        otherId.kind === id.kind &&
        otherId.name === id.name &&
        otherId.namespace === id.namespace
      );
    });
    if (same) {
      throw new RenderError(
        `accumulating resources: may not add resource with an already registered id: ${
          id.kind
        }.${id.version}.${id.group || '[noGrp]'}/${id.name}.${
          id.namespace || '[noNs]'
        }`,
      );
    }
    resources.push(resource);
  }
}

/** Kustomize's transformers, in its order. */
function transform(
  resources: KustomizeResource[],
  kustomization: Kustomization,
  readText: (patch: KustomizePatch) => string,
) {
  for (const text of kustomization.patchesStrategicMerge) {
    const patch = /\n/.test(text) ? { patch: text } : { path: text };
    applyKustomizePatch(resources, {}, readText(patch));
  }
  for (const patch of kustomization.patches) {
    applyKustomizePatch(resources, patch, readText(patch));
  }
  if (kustomization.namespace) {
    setNamespace(resources, kustomization.namespace);
  }
  const { namePrefix = '', nameSuffix = '' } = kustomization;
  if (namePrefix || nameSuffix) {
    addAffixes(resources, namePrefix, nameSuffix);
  }
  for (const labels of kustomization.labels) {
    addLabels(resources, labels);
  }
  if (kustomization.commonLabels) {
    addLabels(resources, {
      pairs: kustomization.commonLabels,
      includeSelectors: true,
    });
  }
  addAnnotations(resources, kustomization.commonAnnotations ?? {});
  for (const patch of kustomization.patchesJson6902) {
    applyKustomizePatch(resources, patch, readText(patch));
  }
  for (const { name, count } of kustomization.replicas) {
    if (!setReplicas(resources, name, count)) {
      throw new RenderError(
        `resource with name ${name} does not match a config with the following GVK [Deployment.[noVer].[noGrp] ReplicationController.[noVer].[noGrp] ReplicaSet.[noVer].[noGrp] StatefulSet.[noVer].[noGrp]]`,
      );
    }
  }
  for (const image of kustomization.images) {
    setImage(resources, image);
  }
}
