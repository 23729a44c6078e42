import type { Router } from 'express';
import type { Application } from '../ApplicationTypes';
import { RESOURCES_FINALIZER } from '../deleteResources';
import { refOf } from '../live/ResourceKey';
import { stableStringify } from '../rendering/Json';
import { answer } from './answer';
import {
  addressOf,
  findApplication,
  queryValue,
  withResourceHealth,
} from './ApiContext';
import type { ApiContext } from './ApiContext';
import { invalidArgument } from './ApiError';
import {
  addressWith,
  applicationSchema,
  check,
  checkSource,
  parse,
  patchApplication,
  patchSchema,
  replace,
  toApplication,
} from './applicationRequests';

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
}
