import express from 'express';
import type { Request, RequestHandler, Response } from 'express';
import { createTokenCheck } from '../http/createTokenCheck';
import type { AlertmanagerConfig } from './AlertmanagerConfig';
import { AlertmanagerError } from './AlertmanagerError';
import type { Alerts, AlertStatus } from './Alerts';
import { compileAnchored, parseMatcher } from './LabelMatcher';
import { readAlerts, readSilence } from './readBody';
import type { SilenceRecord, Silences } from './Silences';

/** @internal */
export interface AlertmanagerHandlerOptions {
  readonly config: AlertmanagerConfig;
  readonly alerts: Alerts;
  readonly silences: Silences;
  /** What the portal presents as bearer token or password; the health endpoints are open. */
  readonly token: string;
  /** In milliseconds. */
  readonly startedAt: number;
}

type Answer = (req: Request) => unknown;

/**
 * Serves Alertmanager's API v2.
 *
 * @internal
 */
export function createAlertmanagerHandler(
  options: AlertmanagerHandlerOptions,
): RequestHandler {
  const { config, alerts, silences, token, startedAt } = options;
  const router = express.Router();
  router.get(['/-/healthy', '/-/ready'], (_req, res) => {
    res.type('text/plain').send('OK');
  });
  router.use(createTokenCheck(token, 'alertmanager'));

  const routes: Record<string, Partial<Record<'GET' | 'POST', Answer>>> = {
    '/status': {
      GET: () => ({
        cluster: { peers: [], status: 'disabled' },
        config: { original: config.original },
        uptime: new Date(startedAt).toISOString(),
        versionInfo: {
          branch: 'sandbox',
          buildDate: '',
          buildUser: 'waystone-sandbox',
          goVersion: '',
          revision: 'sandbox',
          version: '0.34.0',
        },
      }),
    },
    '/receivers': {
      GET: () => config.receivers.map(name => ({ labels: { name }, name })),
    },
    '/alerts': {
      GET: req => alerts.list(readFilter(req)).map(describeAlert),
      POST: req => alerts.receive(readAlerts(req)),
    },
    '/alerts/groups': {
      GET: req =>
        alerts.groups(readFilter(req)).map(group => ({
          alerts: group.alerts.map(describeAlert),
          labels: group.labels,
          receiver: { name: group.receiver },
          routeLabels: {},
        })),
    },
    '/silences': {
      GET: req => listSilences(silences, req),
      POST: req => ({ silenceID: silences.set(readSilence(req)) }),
    },
  };

  const api = express.Router();
  api.use(express.text({ type: () => true, limit: '10mb' }));
  for (const [path, methods] of Object.entries(routes)) {
    api.all(path, (req, res) => {
      const run = methods[req.method as 'GET' | 'POST'];
      answer(req, res, run ?? refuseMethod(Object.keys(methods)));
    });
  }
  api.all('/silence/:id', (req, res) => {
    const methods: Partial<Record<string, Answer>> = {
      GET: () => describeSilence(findSilence(silences, req), silences),
      DELETE: () => {
        silences.expire(findSilence(silences, req).id);
      },
    };
    answer(req, res, methods[req.method] ?? refuseMethod(Object.keys(methods)));
  });
  api.use((req, res) => {
    answer(req, res, () => {
      throw new AlertmanagerError(
        404,
        `path /api/v2${req.path} was not found`,
        404,
      );
    });
  });
  router.use('/api/v2', api);
  router.use('/api/v1', (_req, res) => {
    res.status(410).json({
      status: 'deprecated',
      error:
        'The Alertmanager v1 API was deprecated in version 0.16.0 and is removed as of version 0.27.0 - please use the equivalent route in the v2 API',
    });
  });
  router.use((_req, res) => {
    res.status(404).type('text/plain').send('404 page not found\n');
  });
  return router;
}

function answer(req: Request, res: Response, run: Answer): void {
  try {
    const result = run(req);
    if (result === undefined) {
      res.status(200).end();
    } else {
      res.setHeader('Content-Type', 'application/json');
      res.end(`${JSON.stringify(result)}\n`);
    }
  } catch (error) {
    const failure =
      error instanceof AlertmanagerError
        ? error
        : new AlertmanagerError(500, (error as Error).message);
    res.status(failure.status);
    if (failure.body) {
      res.setHeader('Content-Type', 'application/json');
    }
    res.end(failure.body && `${failure.body}\n`);
  }
}

function refuseMethod(allowed: readonly string[]): Answer {
  return req => {
    throw new AlertmanagerError(
      405,
      `method ${req.method} is not allowed, but [${allowed.join(',')}] are`,
      405,
    );
  };
}

function readParameters(req: Request): URLSearchParams {
  return new URL(req.url, 'http://localhost').searchParams;
}

/** Wanted unless it says otherwise, as Alertmanager reads it. */
function readFlag(parameters: URLSearchParams, name: string): boolean {
  const text = parameters.get(name);
  return (
    text === null ||
    text === '' ||
    [
      'true',
      '1',
      'yes',
      'ok',
      'y',
      'on',
      'selected',
      'checked',
      't',
      'enabled',
    ].includes(text.toLowerCase())
  );
}

function readFilter(req: Request) {
  const parameters = readParameters(req);
  const receiver = parameters.get('receiver');
  let pattern: (name: string) => boolean = () => true;
  if (receiver) {
    try {
      pattern = compileAnchored(`^(?:${receiver})$`);
    } catch (error) {
      throw new AlertmanagerError(
        400,
        `failed to parse receiver param: ${(error as Error).message}`,
      );
    }
  }
  const receiverMatchers = parameters
    .getAll('receiver_matchers')
    .map(parseMatcher);
  return {
    matchers: parameters.getAll('filter').map(parseMatcher),
    active: readFlag(parameters, 'active'),
    silenced: readFlag(parameters, 'silenced'),
    inhibited: readFlag(parameters, 'inhibited'),
    acceptsReceiver: (name: string) =>
      pattern(name) &&
      receiverMatchers.every(matcher =>
        matcher.matches(matcher.name === 'name' ? name : ''),
      ),
  };
}

function describeAlert(status: AlertStatus) {
  const { alert, receivers, silencedBy, inhibitedBy } = status;
  const heldBack = silencedBy.length > 0 || inhibitedBy.length > 0;
  return {
    annotations: alert.annotations,
    endsAt: new Date(alert.endsAt).toISOString(),
    fingerprint: alert.fingerprint,
    receivers: receivers.map(name => ({ name })),
    startsAt: new Date(alert.startsAt).toISOString(),
    status: {
      inhibitedBy,
      mutedBy: [],
      silencedBy,
      state: heldBack ? 'suppressed' : 'active',
    },
    updatedAt: new Date(alert.updatedAt).toISOString(),
    ...(alert.generatorUrl && { generatorURL: alert.generatorUrl }),
    labels: alert.labels,
  };
}

function listSilences(silences: Silences, req: Request) {
  const parameters = readParameters(req);
  const matchers = parameters.getAll('filter').map(parseMatcher);
  return silences
    .list()
    .filter(silence => {
      const labels = new Map(
        silence.matchers.map(({ name, value }) => [name, value]),
      );
      return (
        readFlag(parameters, silences.stateOf(silence)) &&
        matchers.every(({ name, matches }) => matches(labels.get(name) ?? ''))
      );
    })
    .map(silence => describeSilence(silence, silences));
}

function findSilence(silences: Silences, req: Request): SilenceRecord {
  const { id } = req.params;
  if (!/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) {
    throw new AlertmanagerError(
      422,
      `silenceID in path must be of type uuid: ${JSON.stringify(id)}`,
      601,
    );
  }
  const silence = silences.find(id);
  if (!silence) {
    throw new AlertmanagerError(404, '');
  }
  return silence;
}

function describeSilence(silence: SilenceRecord, silences: Silences) {
  const { id, matchers, createdBy, comment, annotations } = silence;
  return {
    id,
    status: { state: silences.stateOf(silence) },
    updatedAt: new Date(silence.updatedAt).toISOString(),
    ...(annotations && { annotations }),
    comment,
    createdBy,
    endsAt: new Date(silence.endsAt).toISOString(),
    matchers,
    startsAt: new Date(silence.startsAt).toISOString(),
  };
}
