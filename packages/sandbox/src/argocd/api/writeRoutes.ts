import { applyPatch } from 'fast-json-patch';
import type { Operation as PatchOperation } from 'fast-json-patch';
import type { Router } from 'express';
import { z } from 'zod';
import type { KubernetesObject } from '../../kubernetes/KubernetesCluster';
import { StatusError } from '../../kubernetes/StatusError';
import { APPLICATION_TYPE, isAutomated, sourcesOf } from '../ApplicationTypes';
import type { Application, Operation } from '../ApplicationTypes';
import { RESOURCES_FINALIZER } from '../deleteResources';
import { refOf } from '../live/ResourceKey';
import { mergePatchBetween } from '../mergePatchBetween';
import { checkAgainstProject, projectOf } from '../projects';
import { isJsonObject, stableStringify } from '../rendering/Json';
import type { Json, JsonObject } from '../rendering/Json';
import { canSync, windowsOf } from '../sync/syncWindows';
import { answer } from './answer';
import {
  addressOf,
  findApplication,
  queryValue,
  withResourceHealth,
} from './ApiContext';
import type { ApiContext, ApplicationAddress } from './ApiContext';
import {
  ApiError,
  failedPrecondition,
  invalidArgument,
  permissionDenied,
} from './ApiError';

const addressSchema = z.looseObject({
  appNamespace: z.string().nullish(),
  project: z.string().nullish(),
});

const syncSchema = addressSchema.extend({
  revision: z.string().nullish(),
  revisions: z.array(z.string()).nullish(),
  sourcePositions: z.array(z.union([z.number(), z.string()])).nullish(),
  dryRun: z.boolean().nullish(),
  prune: z.boolean().nullish(),
  strategy: z
    .looseObject({
      apply: z.looseObject({ force: z.boolean().optional() }).nullish(),
      hook: z.looseObject({ force: z.boolean().optional() }).nullish(),
    })
    .nullish(),
  resources: z
    .array(
      z.looseObject({
        group: z.string().optional(),
        kind: z.string(),
        name: z.string(),
        namespace: z.string().optional(),
      }),
    )
    .nullish(),
  syncOptions: z
    .looseObject({ items: z.array(z.string()).nullish() })
    .nullish(),
  retryStrategy: z.looseObject({}).nullish(),
  infos: z.array(z.looseObject({})).nullish(),
});

const rollbackSchema = addressSchema.extend({
  id: z.coerce.number().int(),
  dryRun: z.boolean().nullish(),
  prune: z.boolean().nullish(),
});

const patchSchema = addressSchema.extend({
  patch: z.string().nullish(),
  patchType: z.string().nullish(),
});

const applicationSchema = z.looseObject({
  metadata: z.looseObject({
    name: z.string().min(1),
    namespace: z.string().nullish(),
  }),
  spec: z.looseObject({}),
});

/** The routes that change Applications. @internal */
export function addWriteRoutes(router: Router, api: ApiContext): void {
  router.post(
    '/api/v1/applications',
    answer(async request => {
      const wanted = toApplication(api, parse(applicationSchema, request.body));
      if (queryValue(request, 'validate') !== 'false') {
        await checkSource(api, wanted);
      }
      const existing = api.home.get(refOf(wanted)) as Application | undefined;
      if (!existing) {
        return api.home.create(wanted);
      }
      if (stableStringify(existing.spec) === stableStringify(wanted.spec)) {
        return existing;
      }
      if (queryValue(request, 'upsert') !== 'true') {
        throw invalidArgument(
          'existing application spec is different, use upsert flag to force update',
        );
      }
      return replace(api, existing, wanted);
    }),
  );

  router.put(
    '/api/v1/applications/:name',
    answer(async request => {
      const wanted = toApplication(api, parse(applicationSchema, request.body));
      if (queryValue(request, 'validate') !== 'false') {
        await checkSource(api, wanted);
      }
      const existing = findApplication(api, {
        name: request.params.name,
        appNamespace: wanted.metadata.namespace,
        project: queryValue(request, 'project'),
      });
      return replace(api, existing, wanted);
    }),
  );

  router.put(
    '/api/v1/applications/:name/spec',
    answer(async request => {
      const existing = findApplication(api, addressOf(request));
      const wanted = { ...existing, spec: request.body };
      check(api, wanted);
      if (queryValue(request, 'validate') !== 'false') {
        await checkSource(api, wanted);
      }
      return replace(api, existing, wanted).spec;
    }),
  );

  router.patch(
    '/api/v1/applications/:name',
    answer(request => {
      const body = parse(patchSchema, request.body);
      const existing = findApplication(
        api,
        addressWith(request.params.name, body),
      );
      const patched = patchApplication(
        existing,
        body.patch ?? '',
        body.patchType || 'json',
      );
      check(api, patched);
      return withResourceHealth(api, replace(api, existing, patched));
    }),
  );

  router.delete(
    '/api/v1/applications/:name',
    answer(request => {
      const application = findApplication(api, addressOf(request));
      const cascade = queryValue(request, 'cascade') !== 'false';
      const policy = queryValue(request, 'propagationPolicy');
      if (policy && !cascade) {
        throw invalidArgument(
          'cannot set propagation policy when cascading is disabled',
        );
      }
      if (policy && policy !== 'foreground' && policy !== 'background') {
        throw invalidArgument(`invalid propagation policy: ${policy}`);
      }
      const others = (application.metadata.finalizers ?? []).filter(
        name => !name.startsWith(RESOURCES_FINALIZER),
      );
      const finalizer =
        policy === 'background'
          ? `${RESOURCES_FINALIZER}/background`
          : RESOURCES_FINALIZER;
      api.home.patch(refOf(application), {
        metadata: { finalizers: cascade ? [...others, finalizer] : others },
      });
      api.home.delete(refOf(application));
      return {};
    }),
  );

  router.post(
    '/api/v1/applications/:name/sync',
    answer(async request => {
      const body = parse(syncSchema, request.body ?? {});
      const application = findApplication(
        api,
        addressWith(request.params.name, body),
      );
      const project = projectOf(api.home, application, api.namespace);
      if (!canSync(windowsOf(project, application), true)) {
        throw permissionDenied('cannot sync: blocked by sync window');
      }
      if (application.metadata.deletionTimestamp) {
        throw failedPrecondition('application is deleting');
      }
      const { spec } = application;
      const sources = sourcesOf(spec);
      const several = (spec.sources?.length ?? 0) > 0;
      const asked = several
        ? positioned(
            body.revisions ?? [],
            body.sourcePositions ?? [],
            sources.length,
          )
        : [body.revision ?? ''];
      asked.forEach((revision, index) => {
        const target = sources[index]?.targetRevision ?? '';
        if (
          revision !== '' &&
          revision !== (target || 'HEAD') &&
          isAutomated(spec) &&
          !body.dryRun
        ) {
          throw failedPrecondition(
            several
              ? `Cannot sync source ${sources[index].repoURL} to ${revision}: auto-sync currently set to ${target}`
              : `Cannot sync to ${revision}: auto-sync currently set to ${target}`,
          );
        }
      });
      let revisions: string[];
      try {
        await api.controller.manifests.update(sources);
        revisions = await api.controller.manifests.resolve(sources, asked);
      } catch (error) {
        throw failedPrecondition((error as Error).message);
      }
      const syncOptions = body.syncOptions
        ? body.syncOptions.items ?? []
        : spec.syncPolicy?.syncOptions;
      const retry = body.retryStrategy ?? spec.syncPolicy?.retry;
      const operation = {
        sync: {
          ...(several
            ? { sources: spec.sources, revisions }
            : { source: spec.source, revision: revisions[0] }),
          ...(body.prune && { prune: true }),
          ...(body.dryRun && { dryRun: true }),
          ...(syncOptions && { syncOptions }),
          ...(body.strategy && { syncStrategy: body.strategy }),
          ...(body.resources && { resources: body.resources }),
        },
        initiatedBy: { username: 'admin' },
        ...(body.infos && { info: body.infos }),
        retry: retry ?? {},
      } as Operation;
      const partial = body.resources?.length ? 'partial ' : '';
      return setOperation(
        api,
        application,
        operation,
        `initiated ${partial}sync to ${
          asked[0] || sources[0]?.targetRevision || 'HEAD'
        } (${revisions[0]})`,
      );
    }),
  );

  router.post(
    '/api/v1/applications/:name/rollback',
    answer(request => {
      const body = parse(rollbackSchema, request.body ?? {});
      const application = findApplication(
        api,
        addressWith(request.params.name, body),
      );
      const { metadata, spec, status } = application;
      if (metadata.deletionTimestamp) {
        throw failedPrecondition('application is deleting');
      }
      if (isAutomated(spec)) {
        throw failedPrecondition(
          'rollback cannot be initiated when auto-sync is enabled',
        );
      }
      const deployment = status?.history?.find(({ id }) => id === body.id);
      if (!deployment) {
        throw invalidArgument(
          `application ${metadata.namespace}/${metadata.name} does not have deployment with id ${body.id}`,
        );
      }
      const { revision, revisions, source, sources } = deployment;
      return setOperation(
        api,
        application,
        {
          sync: {
            ...(revision && { revision }),
            ...(revisions && { revisions }),
            ...(body.dryRun && { dryRun: true }),
            ...(body.prune && { prune: true }),
            ...(spec.syncPolicy?.syncOptions && {
              syncOptions: spec.syncPolicy.syncOptions,
            }),
            syncStrategy: { apply: {} },
            ...(source && { source }),
            ...(sources && { sources }),
          },
          initiatedBy: { username: 'admin' },
          retry: {},
        },
        `initiated rollback to ${body.id}`,
      );
    }),
  );

  router.delete(
    '/api/v1/applications/:name/operation',
    answer(request => {
      const application = findApplication(api, addressOf(request));
      if (!application.operation || !application.status?.operationState) {
        throw invalidArgument(
          'Unable to terminate operation. No operation is in progress',
        );
      }
      api.home.patch(refOf(application), {
        status: { operationState: { phase: 'Terminating' } },
      });
      return {};
    }),
  );
}

function parse<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw invalidArgument(`${issue.path.join('.')}: ${issue.message}`);
  }
  return result.data;
}

function addressWith(
  name: string,
  body: { appNamespace?: string | null; project?: string | null },
): ApplicationAddress {
  return {
    name,
    appNamespace: body.appNamespace ?? undefined,
    project: body.project ?? undefined,
  };
}

function positioned(
  revisions: readonly string[],
  positions: readonly (number | string)[],
  count: number,
): string[] {
  const result = new Array<string>(count).fill('');
  positions.forEach((position, index) => {
    const at = Number(position);
    if (!(at > 0 && at <= count)) {
      throw new ApiError(2, 'source position is out of range');
    }
    result[at - 1] = revisions[index] ?? '';
  });
  return result;
}

function toApplication(
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

function check(api: ApiContext, application: Application) {
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

/** A source that cannot be rendered is not taken, unless that was asked for. */
async function checkSource(api: ApiContext, application: Application) {
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

/** Takes over spec, labels, annotations and finalizers, and nothing else. */
function replace(
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

function patchApplication(
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

function merge(target: Json, patch: Json): Json {
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

function setOperation(
  api: ApiContext,
  application: Application,
  operation: Operation,
  message: string,
): Application {
  if (application.operation) {
    throw failedPrecondition('another operation is already in progress');
  }
  try {
    const updated = api.home.patch(refOf(application), {
      operation,
      status: { operationState: null },
    }) as Application;
    api.home.recordEvent({
      regarding: updated,
      type: 'Normal',
      reason: 'OperationStarted',
      message: `admin ${message}`,
      component: 'argocd-server',
    });
    return updated;
  } catch (error) {
    if (error instanceof StatusError) {
      throw new ApiError(2, `error setting app operation: ${error.message}`);
    }
    throw error;
  }
}
