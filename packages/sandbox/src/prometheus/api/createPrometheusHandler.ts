import express from 'express';
import type { Request, RequestHandler, Response } from 'express';
import { PromqlError } from '../promql/PromqlError';
import type { PromqlErrorType } from '../promql/PromqlError';
import { createTokenCheck } from '../../http/createTokenCheck';
import type { PrometheusApi } from './PrometheusApi';

const STATUS_CODES: Readonly<Record<PromqlErrorType, number>> = {
  bad_data: 400,
  execution: 422,
  canceled: 499,
  timeout: 503,
  internal: 500,
  not_found: 404,
  not_acceptable: 406,
  unavailable: 500,
};

/** The error body of Prometheus. */
export function renderPrometheusError(
  errorType: PromqlErrorType,
  error: string,
): string {
  return JSON.stringify({ status: 'error', errorType, error });
}

/**
 * Serves the API over HTTP.
 *
 * @param token - what the portal presents as bearer token or password; the health endpoints are open
 *
 * @internal
 */
export function createPrometheusHandler(
  api: PrometheusApi,
  token: string,
): RequestHandler {
  const router = express.Router();
  router.get('/-/healthy', (_req, res) => {
    res.type('text/plain').send('Prometheus Server is Healthy.\n');
  });
  router.get('/-/ready', (_req, res) => {
    res.type('text/plain').send('Prometheus Server is Ready.\n');
  });
  router.use(createTokenCheck(token, 'prometheus'));
  router.use(
    '/api/v1',
    express.text({
      type: 'application/x-www-form-urlencoded',
      limit: '10mb',
    }),
    (req, res, next) => {
      answer(api, req, res).catch(next);
    },
  );
  router.use((_req, res) => {
    res.status(404).type('text/plain').send('404 page not found\n');
  });
  return router;
}

async function answer(api: PrometheusApi, req: Request, res: Response) {
  const endpoint = api.find(req.path.slice(1));
  if (!endpoint) {
    res.status(404).type('text/plain').send('404 page not found\n');
    return;
  }
  if (!endpoint.methods.includes(req.method)) {
    res
      .status(405)
      .setHeader('Allow', [...endpoint.methods, 'OPTIONS'].join(', '))
      .type('text/plain')
      .send('Method Not Allowed\n');
    return;
  }
  const abort = new AbortController();
  res.on('close', () => {
    if (!res.writableFinished) {
      abort.abort();
    }
  });
  res.setHeader('Content-Type', 'application/json');
  try {
    const { data, warnings, infos } = await endpoint.answer(
      readParameters(req),
      abort.signal,
    );
    res.end(
      JSON.stringify({
        status: 'success',
        data,
        ...(warnings && warnings.length > 0 && { warnings }),
        ...(infos && infos.length > 0 && { infos }),
      }),
    );
  } catch (error) {
    const { type, message } =
      error instanceof PromqlError
        ? error
        : new PromqlError('internal', (error as Error).message);
    res.status(STATUS_CODES[type]).end(renderPrometheusError(type, message));
  }
}

/** From the form first, then from the address. */
function readParameters(req: Request): URLSearchParams {
  const parameters = new URLSearchParams(
    typeof req.body === 'string' ? req.body : '',
  );
  const { searchParams } = new URL(req.url, 'http://localhost');
  searchParams.forEach((value, name) => parameters.append(name, value));
  return parameters;
}
