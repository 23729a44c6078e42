import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';
import type { KubernetesObject } from '../kubernetes/KubernetesCluster';

const kustomizationSchema = z.strictObject({
  apiVersion: z.string(),
  kind: z.literal('Kustomization'),
  resources: z.array(z.string()),
  patches: z.array(z.strictObject({ path: z.string() })).default([]),
});

/**
 * The objects of a folder with a `kustomization.yaml`, as `kubectl apply -k` would apply them: its resources, and
 * patches that are found by kind and name.
 *
 * @remarks
 * Objects are merged and lists replaced, which is what kustomize does with kinds that are not built in.
 *
 * @throws If the kustomization has more than that, or a patch without an object.
 *
 * @internal
 */
export function readKustomization(folder: string): KubernetesObject[] {
  const { patches, resources } = kustomizationSchema.parse(
    parse(readFileSync(join(folder, 'kustomization.yaml'), 'utf8')),
  );
  const objects = resources
    .map(path => join(folder, path))
    .flatMap(path =>
      statSync(path).isDirectory() ? readKustomization(path) : readFile(path),
    );
  for (const patch of patches.flatMap(({ path }) =>
    readFile(join(folder, path)),
  )) {
    const index = objects.findIndex(
      ({ kind, metadata }) =>
        kind === patch.kind && metadata.name === patch.metadata.name,
    );
    if (index < 0) {
      throw new Error(
        `The kustomization in ${folder} has no ${patch.kind} '${patch.metadata.name}' to patch`,
      );
    }
    objects[index] = merge(objects[index], patch) as KubernetesObject;
  }
  return objects;
}

function readFile(path: string): KubernetesObject[] {
  return parseAllDocuments(readFileSync(path, 'utf8')).map(
    document => document.toJS() as KubernetesObject,
  );
}

function merge(value: unknown, patch: unknown): unknown {
  if (!isRecord(value) || !isRecord(patch)) {
    return patch;
  }
  return Object.fromEntries(
    [...new Set([...Object.keys(value), ...Object.keys(patch)])].map(key => [
      key,
      key in patch ? merge(value[key], patch[key]) : value[key],
    ]),
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
