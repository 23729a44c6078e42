import type { Router } from 'express';
import { z } from 'zod';
import { StatusError } from '../../kubernetes/StatusError';
import { isAutomated, sourcesOf } from '../ApplicationTypes';
import type { Application, Operation } from '../ApplicationTypes';
import { refOf } from '../live/ResourceKey';
import { projectOf } from '../projects';
import { canSync, windowsOf } from '../sync/syncWindows';
import { answer } from './answer';
import { addressOf, findApplication } from './ApiContext';
import type { ApiContext } from './ApiContext';
import {
  ApiError,
  failedPrecondition,
  invalidArgument,
  permissionDenied,
} from './ApiError';
import { addressSchema, addressWith, parse } from './applicationRequests';

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

/** The routes that start and stop operations. @internal */
export function addOperationRoutes(router: Router, api: ApiContext): void {
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
