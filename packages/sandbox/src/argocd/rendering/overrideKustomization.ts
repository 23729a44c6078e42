import { z } from 'zod';
import type { KustomizeOverrides } from '../ApplicationTypes';
import { patchSchema } from './kustomize/Kustomization';
import type { Kustomization, KustomizeImage } from './kustomize/Kustomization';
import { splitImage } from './kustomize/setImages';
import { RenderError } from './RenderError';

/** What `$ARGOCD_APP_…` stands for in annotations. @internal */
export interface BuildEnvironment {
  readonly [name: `ARGOCD_${string}`]: string;
}

/**
 * Puts the settings of an Application into a kustomization, as Argo CD does with `kustomize edit`.
 *
 * @param hasFolder - whether a component's folder is there
 * @internal
 */
export function overrideKustomization(
  kustomization: Kustomization,
  overrides: KustomizeOverrides,
  environment: BuildEnvironment,
  hasFolder: (path: string) => boolean,
): Kustomization {
  const labels = { ...overrides.commonLabels };
  const withoutSelector =
    overrides.labelWithoutSelector || overrides.labelIncludeTemplates;
  return {
    ...kustomization,
    namePrefix: overrides.namePrefix || kustomization.namePrefix,
    nameSuffix: overrides.nameSuffix || kustomization.nameSuffix,
    namespace: overrides.namespace || kustomization.namespace,
    images: (overrides.images ?? []).reduce(
      (images, text) => setEntry(images, parseImage(text)),
      kustomization.images,
    ),
    replicas: (overrides.replicas ?? []).reduce(
      (replicas, { name, count }) =>
        setEntry(replicas, { name, count: Number(count) }),
      kustomization.replicas,
    ),
    ...(withoutSelector
      ? {
          labels: [
            ...kustomization.labels,
            ...(Object.keys(labels).length > 0
              ? [
                  {
                    pairs: labels,
                    includeTemplates: overrides.labelIncludeTemplates ?? false,
                  },
                ]
              : []),
          ],
        }
      : {
          commonLabels: addPairs(
            'commonLabels',
            kustomization.commonLabels,
            labels,
            overrides.forceCommonLabels,
          ),
        }),
    commonAnnotations: addPairs(
      'commonAnnotations',
      kustomization.commonAnnotations,
      Object.fromEntries(
        Object.entries(overrides.commonAnnotations ?? {}).map(
          ([name, value]) => [
            name,
            overrides.commonAnnotationsEnvsubst
              ? substitute(value, environment)
              : value,
          ],
        ),
      ),
      overrides.forceCommonAnnotations,
    ),
    patches: [
      ...kustomization.patches,
      ...z.array(patchSchema).parse(overrides.patches ?? []),
    ],
    components: [
      ...kustomization.components,
      ...(overrides.components ?? []).filter(
        path => !overrides.ignoreMissingComponents || hasFolder(path),
      ),
    ],
  };
}

function setEntry<T extends { name: string }>(
  entries: readonly T[],
  entry: T,
): T[] {
  return [...entries.filter(({ name }) => name !== entry.name), entry];
}

/** `name=new:tag`, `name:tag` or `name@digest`. */
function parseImage(text: string): KustomizeImage {
  const equals = text.indexOf('=');
  const { name, tag, digest } = splitImage(text.slice(equals + 1));
  return {
    name: equals < 0 ? name : text.slice(0, equals),
    ...(equals >= 0 && { newName: name }),
    ...(tag && { newTag: tag }),
    ...(digest && { digest }),
  };
}

function addPairs(
  field: string,
  present: Readonly<Record<string, string>> | undefined,
  added: Readonly<Record<string, string>>,
  force: boolean | undefined,
): Record<string, string> | undefined {
  for (const name of Object.keys(added)) {
    if (!force && present?.[name] !== undefined) {
      throw new RenderError(
        `${
          field === 'commonLabels' ? 'label' : 'annotation'
        } ${name} already in kustomization file`,
      );
    }
  }
  const all = { ...present, ...added };
  return Object.keys(all).length > 0 ? all : undefined;
}

function substitute(text: string, environment: BuildEnvironment): string {
  return text.replace(
    /\$\$|\$\{(\w+)\}|\$(\w+)/g,
    (match, braced?: string, plain?: string) =>
      match === '$$'
        ? '$'
        : environment[(braced ?? plain) as `ARGOCD_${string}`] ?? '',
  );
}
