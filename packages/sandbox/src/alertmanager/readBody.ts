import type { Request } from 'express';
import { z } from 'zod';
import { AlertmanagerError } from './AlertmanagerError';
import type { AlertDraft } from './Alerts';
import type { SilenceDraft } from './Silences';

const time = z.iso
  .datetime({ offset: true })
  .transform(text => Date.parse(text));
const labelSet = z.record(z.string(), z.string());

const silence = z.object({
  id: z.string().optional(),
  matchers: z.array(
    z.object({
      name: z.string(),
      value: z.string(),
      isRegex: z.boolean(),
      isEqual: z.boolean().default(true),
    }),
  ),
  startsAt: time,
  endsAt: time,
  createdBy: z.string(),
  comment: z.string(),
  annotations: labelSet.optional(),
});

const alerts = z.array(
  z.object({
    labels: labelSet,
    annotations: labelSet.optional(),
    startsAt: time.optional(),
    endsAt: time.optional(),
    generatorURL: z.string().optional(),
  }),
);

/** In the order in which Alertmanager misses them. */
const REQUIRED = ['comment', 'createdBy', 'endsAt', 'matchers', 'startsAt'];

/** The silence in a request's body. @internal */
export function readSilence(req: Request): SilenceDraft {
  const body = readJson(req, 'silence');
  if (typeof body === 'object' && body !== null) {
    const fields = body as Record<string, unknown>;
    const missing = REQUIRED.find(name => fields[name] === undefined);
    if (missing) {
      throw new AlertmanagerError(422, `${missing} in body is required`, 602);
    }
    if (Array.isArray(fields.matchers) && fields.matchers.length === 0) {
      throw new AlertmanagerError(
        422,
        'matchers in body should have at least 1 items',
        612,
      );
    }
  }
  const { id, ...draft } = check(silence, body, 'silence');
  return { ...draft, ...(id && { id }) };
}

/** The alerts in a request's body. @internal */
export function readAlerts(req: Request): AlertDraft[] {
  return check(alerts, readJson(req, 'alerts'), 'alerts').map(
    ({ generatorURL, ...alert }) => ({
      ...alert,
      generatorUrl: generatorURL,
    }),
  );
}

function readJson(req: Request, what: string): unknown {
  const type = (req.headers['content-type'] ?? '').split(';')[0].trim();
  if (type !== 'application/json') {
    throw new AlertmanagerError(
      415,
      `unsupported media type ${JSON.stringify(
        type,
      )}, only [application/json] are allowed`,
      415,
    );
  }
  try {
    return JSON.parse(String(req.body));
  } catch (error) {
    throw unreadable(what, (error as Error).message);
  }
}

function check<S extends z.ZodType>(
  schema: S,
  body: unknown,
  what: string,
): z.output<S> {
  const parsed = schema.safeParse(body);
  if (!parsed.success) {
    throw unreadable(what, parsed.error.issues[0].message);
  }
  return parsed.data;
}

function unreadable(what: string, reason: string): AlertmanagerError {
  return new AlertmanagerError(
    400,
    `parsing ${what} body from "" failed, because ${reason}`,
    400,
  );
}
