import { applyPatch } from 'fast-json-patch';
import type { Operation as PatchOperation } from 'fast-json-patch';
import { z } from 'zod';
import type { KubernetesObject } from '../../kubernetes/KubernetesCluster';
import { APPLICATION_TYPE, sourcesOf } from '../ApplicationTypes';
import type { Application } from '../ApplicationTypes';
import { refOf } from '../live/ResourceKey';
import { mergePatchBetween } from '../mergePatchBetween';
import { checkAgainstProject, projectOf } from '../projects';
import { isJsonObject } from '../rendering/Json';
import type { Json, JsonObject } from '../rendering/Json';
import type { ApiContext, ApplicationAddress } from './ApiContext';
import { ApiError, invalidArgument } from './ApiError';

/** @internal */
export const addressSchema = z.looseObject({
  appNamespace: z.string().nullish(),
  project: z.string().nullish(),
});

/** @internal */
export const patchSchema = addressSchema.extend({
  patch: z.string().nullish(),
  patchType: z.string().nullish(),
});

/** @internal */
export const applicationSchema = z.looseObject({
  metadata: z.looseObject({
    name: z.string().min(1),
    namespace: z.string().nullish(),
  }),
  spec: z.looseObject({}),
});

/** @internal */
export function parse<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw invalidArgument(`${issue.path.join('.')}: ${issue.message}`);
  }
  return result.data;
}

/** @internal */
export function addressWith(
  name: string,
  body: { appNamespace?: string | null; project?: string | null },
): ApplicationAddress {
  return {
    name,
    appNamespace: body.appNamespace ?? undefined,
    project: body.project ?? undefined,
  };
}

/** @internal */
export function toApplication(
  api: ApiContext,
  body: z.output<typeof applicationSchema>,
): Application {
  const { status: _, operation: __, ...rest } = body;
  const application = {
    ...rest,
    ...APPLICATION_TYPE,
    metadata: {
      ...body.metadata,
      namespace: body.metadata.namespace || api.namespace,
    },
    spec: { ...body.spec, project: body.spec.project || 'default' },
  } as unknown as Application;
  check(api, application);
  return application;
}

/** @internal */
export function check(api: ApiContext, application: Application) {
  const { project: name } = application.spec;
  const project = projectOf(api.home, application, api.namespace);
  if (!project) {
    throw invalidArgument(
      `app is not allowed in project "${name}", or the project does not exist`,
    );
  }
  const conditions = checkAgainstProject(
    application,
    project,
    api.destinations.find(application.spec.destination ?? {}),
  );
  if (conditions.length > 0) {
    throw invalidArgument(
      `application spec for ${
        application.metadata.name
      } is invalid: ${conditions
        .map(({ type, message }) => `${type}: ${message}`)
        .join(';')}`,
    );
  }
}

/** A source that cannot be rendered is not taken, unless that was asked for. @internal */
export async function checkSource(api: ApiContext, application: Application) {
  const { manifests } = api.controller;
  const sources = sourcesOf(application.spec);
  const invalid = (reason: string) =>
    invalidArgument(
      `application spec for ${application.metadata.name} is invalid: InvalidSpecError: ${reason}`,
    );
  try {
    await manifests.update(sources);
  } catch (error) {
    throw invalid(
      `repository not accessible: repositories not accessible: &Repository{Repo: "${
        sources[0].repoURL
      }", Type: "", Name: "", Project: ""}: repo client error while testing repository: rpc error: code = Unknown desc = error testing repository connectivity: ${
        (error as Error).message
      }`,
    );
  }
  const destination = api.destinations.find(application.spec.destination);
  if (typeof destination !== 'string') {
    try {
      await manifests.load(
        application,
        destination,
        api.controller.instanceOf(application),
        { revisions: await manifests.resolve(sources) },
      );
    } catch (error) {
      throw invalid(
        `Unable to generate manifests in ${
          sources[0].path ?? ''
        }: rpc error: code = Unknown desc = ${(error as Error).message}`,
      );
    }
  }
}

/** Takes over spec, labels, annotations and finalizers, and nothing else. @internal */
export function replace(
  api: ApiContext,
  existing: Application,
  wanted: Application,
): Application {
  const part = ({ spec, metadata }: KubernetesObject) => ({
    spec,
    metadata: {
      labels: metadata.labels,
      annotations: metadata.annotations,
      finalizers: metadata.finalizers,
    },
  });
  const patch = mergePatchBetween(
    part(existing),
    JSON.parse(JSON.stringify(part(wanted))),
  );
  return (
    patch ? api.home.patch(refOf(existing), patch) : existing
  ) as Application;
}

/** @internal */
export function patchApplication(
  existing: Application,
  text: string,
  type: string,
): Application {
  let patch: Json;
  try {
    patch = JSON.parse(text);
  } catch (error) {
    throw new ApiError(
      2,
      `error decoding ${type} patch: ${(error as Error).message}`,
    );
  }
  const before = structuredClone(existing) as unknown as JsonObject;
  switch (type) {
    case 'json':
      try {
        return applyPatch(before, patch as unknown as PatchOperation[], true)
          .newDocument as unknown as Application;
      } catch (error) {
        throw new ApiError(
          2,
          `error applying patch: ${(error as Error).message.split('\n')[0]}`,
        );
      }
    case 'merge':
      return merge(before, patch) as unknown as Application;
    default:
      throw invalidArgument(`Patch type '${type}' is not supported`);
  }
}

/** @internal */
export function merge(target: Json, patch: Json): Json {
  if (!isJsonObject(patch)) {
    return patch;
  }
  const result: JsonObject = isJsonObject(target) ? { ...target } : {};
  for (const [field, value] of Object.entries(patch)) {
    if (value === null) {
      delete result[field];
    } else {
      result[field] = merge(result[field], value);
    }
  }
  return result;
}
