import { parse } from 'yaml';
import { z } from 'zod';
import { RenderError } from '../RenderError';

const stringMap = z.record(z.string(), z.string());

const selectorSchema = z.strictObject({
  group: z.string().optional(),
  version: z.string().optional(),
  kind: z.string().optional(),
  name: z.string().optional(),
  namespace: z.string().optional(),
  labelSelector: z.string().optional(),
  annotationSelector: z.string().optional(),
});

/** A patch with what it is for. @internal */
export const patchSchema = z.strictObject({
  path: z.string().optional(),
  patch: z.string().optional(),
  target: selectorSchema.optional(),
  options: z.record(z.string(), z.boolean()).optional(),
});

const generatorOptionsSchema = z.strictObject({
  labels: stringMap.optional(),
  annotations: stringMap.optional(),
  disableNameSuffixHash: z.boolean().optional(),
  immutable: z.boolean().optional(),
});

const generatorSchema = z.strictObject({
  name: z.string(),
  namespace: z.string().optional(),
  behavior: z.enum(['create', 'merge', 'replace']).optional(),
  files: z.array(z.string()).optional(),
  literals: z.array(z.string()).optional(),
  envs: z.array(z.string()).optional(),
  env: z.string().optional(),
  type: z.string().optional(),
  options: generatorOptionsSchema.optional(),
});

/** One entry of `images`. @internal */
export const imageSchema = z.strictObject({
  name: z.string(),
  newName: z.string().optional(),
  newTag: z.coerce.string().optional(),
  tagSuffix: z.string().optional(),
  digest: z.string().optional(),
});

const labelSchema = z.strictObject({
  pairs: stringMap,
  includeSelectors: z.boolean().optional(),
  includeTemplates: z.boolean().optional(),
  fields: z
    .array(
      z.strictObject({
        path: z.string(),
        group: z.string().optional(),
        version: z.string().optional(),
        kind: z.string().optional(),
        create: z.boolean().optional(),
      }),
    )
    .optional(),
});

const kustomizationSchema = z.strictObject({
  apiVersion: z.string().optional(),
  kind: z.enum(['Kustomization', 'Component']).optional(),
  metadata: z.unknown().optional(),
  resources: z.array(z.string()).default([]),
  bases: z.array(z.string()).default([]),
  components: z.array(z.string()).default([]),
  namespace: z.string().optional(),
  namePrefix: z.string().optional(),
  nameSuffix: z.string().optional(),
  commonLabels: stringMap.optional(),
  labels: z.array(labelSchema).default([]),
  commonAnnotations: stringMap.optional(),
  images: z.array(imageSchema).default([]),
  replicas: z
    .array(z.strictObject({ name: z.string(), count: z.number().int() }))
    .default([]),
  patches: z.array(patchSchema).default([]),
  patchesStrategicMerge: z.array(z.string()).default([]),
  patchesJson6902: z.array(patchSchema).default([]),
  configMapGenerator: z.array(generatorSchema).default([]),
  secretGenerator: z.array(generatorSchema).default([]),
  generatorOptions: generatorOptionsSchema.optional(),
  sortOptions: z
    .strictObject({
      order: z.enum(['fifo', 'legacy']).optional(),
      legacySortOptions: z.unknown().optional(),
    })
    .optional(),
});

/** A `kustomization.yaml`. @internal */
export type Kustomization = z.output<typeof kustomizationSchema>;
/** @internal */
export type KustomizePatch = z.output<typeof patchSchema>;
/** @internal */
export type KustomizeSelector = z.output<typeof selectorSchema>;
/** @internal */
export type KustomizeImage = z.output<typeof imageSchema>;
/** @internal */
export type KustomizeLabels = z.output<typeof labelSchema>;
/** @internal */
export type KustomizeGenerator = z.output<typeof generatorSchema>;
/** @internal */
export type KustomizeGeneratorOptions = z.output<typeof generatorOptionsSchema>;

/** What kustomize knows and the sandbox does not. */
const NOT_SUPPORTED = [
  'helmCharts',
  'helmGlobals',
  'helmChartInflationGenerator',
  'replacements',
  'vars',
  'generators',
  'transformers',
  'validators',
  'configurations',
  'crds',
  'openapi',
  'buildMetadata',
];

/** The names that a kustomization file may have. @internal */
export const KUSTOMIZATION_FILES = [
  'kustomization.yaml',
  'kustomization.yml',
  'Kustomization',
];

/**
 * Reads a kustomization file.
 *
 * @throws {@link RenderError} if a field is unknown, of the wrong type, or not supported by the sandbox.
 * @internal
 */
export function parseKustomization(text: string, file: string): Kustomization {
  let value: unknown;
  try {
    value = parse(text, { merge: true, prettyErrors: false }) ?? {};
  } catch (error) {
    throw new RenderError(
      `invalid Kustomization: yaml: ${(error as Error).message}`,
    );
  }
  const unsupported = NOT_SUPPORTED.filter(
    field =>
      typeof value === 'object' &&
      value !== null &&
      field in value &&
      hasContent((value as Record<string, unknown>)[field]),
  );
  if (unsupported.length > 0) {
    throw new RenderError(
      `${file}: the sandbox's kustomize does not support ${unsupported.join(
        ', ',
      )}`,
    );
  }
  const result = kustomizationSchema.safeParse(value);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw new RenderError(
      issue.code === 'unrecognized_keys'
        ? `invalid Kustomization: json: unknown field "${issue.keys[0]}"`
        : `invalid Kustomization: ${issue.path.join('.')}: ${issue.message}`,
    );
  }
  return result.data;
}

function hasContent(value: unknown): boolean {
  return (
    value !== null &&
    value !== undefined &&
    !(Array.isArray(value) && value.length === 0)
  );
}
