import type { HttpAuthService } from '@backstage/backend-plugin-api';
import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import { InputError } from '@backstage/errors';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import { lintTemplate } from '@waystone/plugin-golden-paths-common';
import type { LintOptions } from '@waystone/plugin-golden-paths-common';
import express from 'express';
import type { Request, RequestHandler, Response, Router } from 'express';
import PromiseRouter from 'express-promise-router';
import { z } from 'zod';
import { findLongValue } from './findLongValue';

/** What is chosen in a form; files belong into a repository. */
const MOST_VALUES = '1mb';
/** As the scaffolder takes it: a dry run brings the files of the template along. */
const MOST_FILES = '10mb';

const taskSchema = z.looseObject({
  templateRef: z.string(),
  values: z.unknown().optional(),
  secrets: z.unknown().optional(),
});
const dryRunSchema = z.looseObject({
  template: z.unknown(),
  values: z.unknown().optional(),
  secrets: z.unknown().optional(),
});

/**
 * Starts and tries no template that the linter refuses, however it came into the catalog, and none with values that
 * take its regular expressions too long.
 */
export function createTemplateGuard(options: {
  readonly catalog: CatalogService;
  readonly httpAuth: HttpAuthService;
  readonly lint: LintOptions;
}): Router {
  const { catalog, httpAuth, lint } = options;
  const parseTask = express.json({ limit: MOST_VALUES });
  const parseDryRun = express.json({ limit: MOST_FILES });

  const check = (template: unknown, ...given: readonly unknown[]) => {
    const [problem, ...others] = lintTemplate(template, lint);
    if (problem) {
      throw new InputError(
        `The template cannot be started, because it could do harm. ${
          problem.field
        }: ${problem.message}${
          others.length > 0 ? ` (and ${others.length} more)` : ''
        }`,
      );
    }
    const long = findLongValue(template, given);
    if (long) {
      throw new InputError(
        `The value of '${long.name}' is longer than ${long.limit} characters`,
      );
    }
  };
  const checkTask = async (req: Request) => {
    const parsed = taskSchema.safeParse(req.body);
    if (!parsed.success) {
      return;
    }
    const { secrets, templateRef, values } = parsed.data;
    const template = await catalog.getEntityByRef(
      readTemplateRef(templateRef),
      { credentials: await httpAuth.credentials(req) },
    );
    // What the caller cannot see is answered by the scaffolder, as are bodies that are none
    if (template) {
      check(template, values, secrets);
    }
  };
  const checkDryRun = (req: Request) => {
    const parsed = dryRunSchema.safeParse(req.body);
    if (parsed.success) {
      const { secrets, template, values } = parsed.data;
      check(template, values, secrets);
    }
  };

  const router = PromiseRouter();
  // Not mounted on paths: Express ignores case and slashes, and what it does not match must not slip through
  router.use(async (req, res) => {
    const path = decode(req.path);
    if (req.method === 'POST' && /^\/+v2\/+tasks\/*$/i.test(path)) {
      await parse(parseTask, req, res);
      await checkTask(req);
    } else if (/^\/+v2\/+dry-run\/*$/i.test(path)) {
      await parse(parseDryRun, req, res);
      checkDryRun(req);
    }
    return 'next';
  });
  return router;
}

function parse(
  parser: RequestHandler,
  req: Request,
  res: Response,
): Promise<void> {
  return new Promise((resolve, reject) => {
    parser(req, res, error => (error ? reject(error) : resolve()));
  });
}

function readTemplateRef(text: string): string {
  try {
    return stringifyEntityRef(
      parseEntityRef(text, { defaultKind: 'template' }),
    );
  } catch (error) {
    throw new InputError(`'${text}' is no reference to a template`, error);
  }
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    // What cannot be decoded is taken as it is
    return path;
  }
}
