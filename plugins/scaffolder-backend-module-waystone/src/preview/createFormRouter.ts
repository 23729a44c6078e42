import type { HttpAuthService } from '@backstage/backend-plugin-api';
import type { JsonObject } from '@backstage/types';
import type { ForgeService } from '@waystone/integrations';
import {
  previewRequestSchema,
  serviceRequestFileSchema,
} from '@waystone/plugin-golden-paths-common';
import type { ForgeList } from '@waystone/plugin-golden-paths-common';
import express from 'express';
import type { Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { parseInput } from '../http/parseInput';
import { fillForm } from './fillForm';
import type { NameChecker } from './NameChecker';
import type { PreviewService } from './PreviewService';

/** What {@link createFormRouter} needs. */
export interface FormRouterOptions {
  /** The forge that comes first. */
  readonly defaultForge?: string;
  readonly forges: ForgeService;
  readonly httpAuth: HttpAuthService;
  readonly names: Pick<NameChecker, 'check'>;
  readonly previews: Pick<PreviewService, 'preview'>;
}

/** What the form asks while it is filled in. Nothing is made. */
export function createFormRouter(options: FormRouterOptions): Router {
  const { defaultForge, forges, httpAuth, names, previews } = options;
  const router = PromiseRouter();
  const base = '/golden-paths';
  router.use(base, express.json({ limit: '200kb' }));

  router.get(`${base}/names/:name`, async (req, res) => {
    await httpAuth.credentials(req, { allow: ['user'] });
    const { host } = req.query;
    res.json(
      await names.check(
        req.params.name,
        typeof host === 'string' && host !== '' ? host : undefined,
      ),
    );
  });

  router.get(`${base}/forges`, async (req, res) => {
    await httpAuth.credentials(req, { allow: ['user'] });
    const items = forges.forges
      .map(({ instance, system }) => ({ host: instance, system }))
      .sort(
        (a, b) =>
          Number(b.host === defaultForge) - Number(a.host === defaultForge),
      );
    const list: ForgeList = { items };
    res.json(list);
  });

  router.post(`${base}/service-requests`, async (req, res) => {
    await httpAuth.credentials(req, { allow: ['user'] });
    res.json(fillForm(parseInput(serviceRequestFileSchema, req.body).text));
  });

  router.post(`${base}/preview`, async (req, res) => {
    const credentials = await httpAuth.credentials(req, { allow: ['user'] });
    const { templateRef, values } = parseInput(previewRequestSchema, req.body);
    res.json(
      await previews.preview(
        { templateRef, values: values as JsonObject },
        credentials,
      ),
    );
  });

  return router;
}
