import { timingSafeEqual } from 'node:crypto';
import express from 'express';
import type { NextFunction, Request, Response } from 'express';
import { z } from 'zod';
import type { Fault } from '../core/FaultTable';
import type { Platform } from '../Platform';
import type { SandboxPart } from '../SandboxPart';
import { StoryError } from '../stories/StoryRunner';
import type { StoryRunner } from '../stories/StoryRunner';

const faultSchema: z.ZodType<Fault> = z
  .strictObject({
    latencyMs: z.number().int().min(0).max(120_000).optional(),
    rate: z.number().min(0).max(1).optional(),
    status: z
      .union([401, 403, 429, 500, 502, 503, 504].map(code => z.literal(code)))
      .optional() as z.ZodType<Fault['status']>,
    retryAfterSeconds: z.number().int().min(0).max(3600).optional(),
    resetAfterBytes: z.number().int().min(0).optional(),
    malformed: z.boolean().optional(),
    down: z.boolean().optional(),
    watchGone: z.boolean().optional(),
  })
  .refine(fault => Object.keys(fault).length > 0, {
    error: 'expected at least one failure, such as {"status": 503}',
  });

/**
 * What the sandbox is told from outside: stories and faults. For the portal and for the command line, with the
 * sandbox's token.
 *
 * @internal
 */
export function createControl(options: {
  readonly platform: Platform;
  readonly stories: StoryRunner;
  readonly parts: readonly SandboxPart[];
}): SandboxPart {
  const { platform, stories, parts } = options;
  const { faults, token } = platform.context;
  const router = express.Router();

  router.use((req, res, next) => {
    if (isBearer(req.headers.authorization, token)) {
      next();
      return;
    }
    sendError(res, 401, 'Expected the sandbox token as a bearer token.');
  });
  router.use(express.json({ limit: '10kb' }));

  router.get('/state', (_req, res) => {
    res.json({
      systems: parts.map(({ name, path, title, summary }) => ({
        name,
        path,
        title,
        summary,
      })),
      stories: stories.list(),
      faults: faults.all(),
    });
  });
  router.post('/stories/:name/start', async (req, res, next) => {
    await stories
      .start(req.params.name)
      .then(() => res.json({ stories: stories.list() }), next);
  });
  router.post('/stories/:name/undo', async (req, res, next) => {
    await stories
      .undo(req.params.name)
      .then(() => res.json({ stories: stories.list() }), next);
  });
  router.put('/faults/:system', (req, res) => {
    const { system } = req.params;
    if (!parts.some(part => part.name === system)) {
      sendError(res, 404, `The sandbox has no system '${system}'.`);
      return;
    }
    const result = faultSchema.safeParse(req.body);
    if (!result.success) {
      const [issue] = result.error.issues;
      sendError(
        res,
        400,
        `${issue.path.join('.') || 'body'}: ${issue.message}`,
      );
      return;
    }
    faults.set(system, result.data);
    res.json({ faults: faults.all() });
  });
  router.delete('/faults/:system', (req, res) => {
    faults.clear(req.params.system);
    res.json({ faults: faults.all() });
  });

  router.use((_req, res) => {
    sendError(res, 404, 'There is nothing here.');
  });
  router.use(
    (error: Error, _req: Request, res: Response, _next: NextFunction) => {
      const status =
        error instanceof StoryError
          ? error.status
          : Number((error as { status?: unknown }).status) || 500;
      if (status >= 500) {
        platform.context.log('control', String(error.stack));
      }
      sendError(res, status, error.message);
    },
  );

  return {
    name: 'control',
    path: '/control',
    title: 'Stories and faults',
    summary:
      'Lets things go wrong on request, and undoes them. It has no counterpart in a real platform.',
    handler: router,
  };
}

function isBearer(header: string | undefined, token: string): boolean {
  const given = Buffer.from(/^Bearer (.+)$/i.exec(header ?? '')?.[1] ?? '');
  const expected = Buffer.from(token);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function sendError(res: Response, status: number, message: string) {
  res.status(status).json({ error: { message } });
}
