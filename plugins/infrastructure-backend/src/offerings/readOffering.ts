import {
  choiceSchema,
  OFFERING_ANNOTATIONS,
} from '@waystone/plugin-infrastructure-common';
import type { Offering } from '@waystone/plugin-infrastructure-common';
import type { KubernetesObject } from '@waystone/integrations';
import { z } from 'zod';
import { CLOUD_NATIVE_PG } from '../backups/CloudNativePgBackups';
import { compileSchema } from './compileSchema';

const jsonSchema = z.record(z.string(), z.unknown());

const definitionSchema = z.object({
  metadata: z.object({
    name: z.string(),
    annotations: z.record(z.string(), z.string()).nullish(),
  }),
  spec: z.object({
    group: z.string(),
    scope: z.string().optional(),
    names: z.object({ kind: z.string() }),
    versions: z
      .array(
        z.object({
          name: z.string(),
          served: z.boolean(),
          referenceable: z.boolean(),
          schema: z
            .object({
              openAPIV3Schema: z.looseObject({
                description: z.string().optional(),
                properties: z
                  .looseObject({ spec: jsonSchema.optional() })
                  .optional(),
              }),
            })
            .optional(),
        }),
      )
      .min(1),
  }),
  status: z
    .object({
      conditions: z
        .array(
          z.object({
            type: z.string(),
            status: z.string(),
            message: z.string().optional(),
          }),
        )
        .nullish(),
    })
    .nullish(),
});

const effectsSchema = z.record(z.string(), z.string());
const choicesSchema = z.record(z.string(), z.record(z.string(), choiceSchema));

/** What a definition says of its offering, before prices and environments are known. */
export type DefinedOffering = Omit<
  Offering,
  'environments' | 'priceFrom' | 'timeToReady'
> & {
  readonly priceRule?: string;
  /** What makes its backups. */
  readonly backupEngine?: string;
};

/** Makes an offering of a CompositeResourceDefinition; one that cannot be used is broken, with the reason. */
export function readOffering(definition: KubernetesObject): DefinedOffering {
  const { name } = definition.metadata;
  const annotations = definition.metadata.annotations ?? {};
  const said = (key: keyof typeof OFFERING_ANNOTATIONS) =>
    annotations[OFFERING_ANNOTATIONS[key]]?.trim() || undefined;
  const parsed = definitionSchema.safeParse(definition);
  const base = {
    id: name,
    title: said('title') ?? name,
    description: said('description') ?? '',
    category: said('category') ?? 'Other',
    icon: said('icon'),
    docsUrl: safeUrl(said('docs')),
    connection: said('connection'),
    priceRule: said('price'),
    backupEngine: said('backups'),
    backups: said('backups') !== undefined,
    rotation: said('rotation') !== undefined,
    advancedFields: (said('advanced') ?? '')
      .split(',')
      .map(field => field.trim())
      .filter(Boolean),
  };
  const broken = (problem: string, kind = name): DefinedOffering => ({
    ...base,
    apiVersion: '',
    kind,
    state: 'broken',
    problem,
    schema: {},
    choices: {},
    effects: {},
    approval: 'protected',
  });
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return broken(`${issue.path.join('.')}: ${issue.message}`);
  }
  const { spec, status } = parsed.data;
  const { kind } = spec.names;
  const version = spec.versions.find(each => each.served && each.referenceable);
  if (!version) {
    return broken('No version of it is served and referenceable', kind);
  }
  if ((spec.scope ?? 'Namespaced') !== 'Namespaced') {
    return broken(
      `Its scope is ${spec.scope}; only namespaced resources can be requested`,
      kind,
    );
  }
  const root = version.schema?.openAPIV3Schema;
  const schema = root?.properties?.spec;
  if (!schema || typeof schema.properties !== 'object') {
    return broken('Its schema has no properties below spec', kind);
  }
  const compiled = compileSchema(schema);
  if ('problem' in compiled) {
    return broken(`Its schema cannot be used: ${compiled.problem}`, kind);
  }
  const choices = readJson(said('choices'), choicesSchema);
  if ('problem' in choices) {
    return broken(`${OFFERING_ANNOTATIONS.choices} ${choices.problem}`, kind);
  }
  const effects = readJson(said('effects'), effectsSchema);
  if ('problem' in effects) {
    return broken(`${OFFERING_ANNOTATIONS.effects} ${effects.problem}`, kind);
  }
  const engine = said('backups');
  if (engine !== undefined && engine !== CLOUD_NATIVE_PG) {
    return broken(
      `${OFFERING_ANNOTATIONS.backups}: '${engine}' is not ${CLOUD_NATIVE_PG}`,
      kind,
    );
  }
  const rotation = said('rotation');
  if (rotation !== undefined && rotation !== 'secret') {
    return broken(
      `${OFFERING_ANNOTATIONS.rotation}: '${rotation}' is not secret`,
      kind,
    );
  }
  const approval = z
    .enum(['protected', 'always', 'never'])
    .safeParse(said('approval') ?? 'protected');
  if (!approval.success) {
    return broken(
      `${OFFERING_ANNOTATIONS.approval}: '${said(
        'approval',
      )}' is not protected, always or never`,
      kind,
    );
  }
  const days = said('timeToLive');
  if (days !== undefined && !/^[1-9]\d{0,2}$/.test(days)) {
    return broken(
      `${OFFERING_ANNOTATIONS.timeToLive}: '${days}' is not a number of days`,
      kind,
    );
  }
  const established = status?.conditions?.find(
    condition => condition.type === 'Established',
  );
  if (established?.status !== 'True') {
    return broken(
      established?.message ?? 'Crossplane has not established it yet',
      kind,
    );
  }
  return {
    ...base,
    title: said('title') ?? kind,
    description: base.description || (root?.description ?? ''),
    apiVersion: `${spec.group}/${version.name}`,
    kind,
    state: 'available',
    schema,
    choices: choices.value,
    effects: effects.value,
    approval: approval.data,
    ...(days && { timeToLiveDays: Number(days) }),
  };
}

function readJson<T>(
  text: string | undefined,
  schema: z.ZodType<T>,
): { readonly value: T } | { readonly problem: string } {
  try {
    const parsed = schema.safeParse(JSON.parse(text ?? '{}'));
    return parsed.success
      ? { value: parsed.data }
      : { problem: `is wrong: ${parsed.error.issues[0].message}` };
  } catch {
    return { problem: 'is not JSON' };
  }
}

/** Links come from whoever may write definitions; only pages of the web or of the portal are links. */
function safeUrl(text: string | undefined): string | undefined {
  return text && (/^https?:\/\//.test(text) || /^\/(?!\/)/.test(text))
    ? text
    : undefined;
}
