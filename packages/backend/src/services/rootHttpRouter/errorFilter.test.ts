import { mockCredentials } from '@backstage/backend-test-utils';
import {
  InputError,
  NotImplementedError,
  ServiceUnavailableError,
} from '@backstage/errors';
import express from 'express';
import { DatabaseError } from 'pg';
import { startSafeBackend } from '../../__testUtils__/startSafeBackend';

const signedIn = {
  headers: { authorization: mockCredentials.user.header() },
};

function databaseError(code: string, message: string) {
  return Object.assign(new DatabaseError(message, 0, 'error'), { code });
}

const ERRORS: Record<string, () => Error> = {
  sql: () =>
    new Error(
      'select "secret" from "tokens" where "id" = $1 - boom at 10.0.0.7',
    ),
  stack: () =>
    Object.assign(new Error('boom'), { stack: 'at /home/app/x.js:1:1' }),
  refused: () =>
    Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:55441'), {
      code: 'ECONNREFUSED',
      address: '127.0.0.1',
      port: 55441,
    }),
  pool: () =>
    Object.assign(
      new Error(
        'Knex: Timeout acquiring a connection. The pool is probably full.',
      ),
      { name: 'KnexTimeoutError' },
    ),
  wrapped: () =>
    new Error('Failed to list', {
      cause: databaseError('57P01', 'terminating connection'),
    }),
  timeout: () =>
    databaseError('57014', 'canceling statement due to statement timeout'),
  full: () => databaseError('53300', 'sorry, too many clients already'),
  constraint: () => databaseError('23505', 'duplicate key in table "tasks"'),
  public: () => new ServiceUnavailableError('The search index is being built'),
  'public-leak': () =>
    new ServiceUnavailableError('Could not reach db.internal:5432'),
  later: () => new NotImplementedError('Not in this version'),
  input: () => new InputError('The name is missing'),
};

describe('errorFilter', () => {
  let backend: Awaited<ReturnType<typeof startSafeBackend>>;

  beforeAll(async () => {
    const routes = express.Router();
    routes.use(express.json());
    routes.get('/error/:name', (req, _res, next) =>
      next(ERRORS[req.params.name]()),
    );
    routes.get('/own', (_req, res) => {
      res.status(500).send('TypeError at /home/app/src/index.ts:12:3');
    });
    routes.get('/proxied', (_req, res) => {
      res.status(502);
      res.setHeader('content-type', 'application/json');
      res.write('{"kind":"Status",');
      res.end('"message":"from upstream"}');
    });
    routes.get('/empty', (_req, res) => {
      res.status(500).end();
    });
    routes.post('/echo', (req, res) => {
      res.json(req.body);
    });
    backend = await startSafeBackend({ routes });
  });

  afterAll(() => backend.stop());

  it('should keep internals inside and leave a request id', async () => {
    for (const path of [
      '/error/sql',
      '/error/stack',
      '/error/constraint',
      '/error/public-leak',
      '/own',
    ]) {
      const answer = await backend.get(`/api/probe${path}?token=abc`, signedIn);
      const id = answer.headers.get('x-request-id')!;
      const statusCode = path === '/error/public-leak' ? 503 : 500;
      expect(answer.status).toBe(statusCode);
      expect(JSON.parse(answer.text)).toEqual({
        error: {
          name: 'InternalError',
          message: `The portal could not complete the request because of an internal error. If it happens again, report it with the request id ${id}.`,
          requestId: id,
        },
        request: { method: 'GET', url: `/api/probe${path}` },
        response: { statusCode },
      });
      expect(backend.logger.error).toHaveBeenCalledWith(
        expect.stringContaining(`Request ${id} failed`),
        { requestId: id },
      );
    }
  });

  it('should say that it may be tried again when a connection was lost', async () => {
    for (const name of ['pool', 'wrapped', 'timeout', 'full']) {
      const answer = await backend.get(`/api/probe/error/${name}`, signedIn);
      expect([name, answer.status]).toEqual([name, 503]);
      expect(answer.headers.get('retry-after')).toBe('5');
      expect(JSON.parse(answer.text).error).toEqual({
        name: 'ServiceUnavailableError',
        message:
          'The portal cannot reach its database at the moment. Try again in a few seconds.',
      });
    }
    const refused = await backend.get('/api/probe/error/refused', signedIn);
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('5');
    expect(refused.text).not.toMatch(/ECONN|127\.0\.0\.1|55441/);
  });

  it('should pass on what is meant for the reader', async () => {
    const get = async (path: string) => {
      const { status, text } = await backend.get(`/api/probe${path}`, signedIn);
      return [status, text && (JSON.parse(text).error?.message ?? text)];
    };
    expect(await get('/error/public')).toEqual([
      503,
      'The search index is being built',
    ]);
    expect(await get('/error/later')).toEqual([501, 'Not in this version']);
    expect(await get('/error/input')).toEqual([400, 'The name is missing']);
    expect(await get('/proxied')).toEqual([
      502,
      '{"kind":"Status","message":"from upstream"}',
    ]);
    expect(await get('/empty')).toEqual([500, '']);
    expect(await get('/nowhere')).toEqual([404, '']);
  });

  it('should refuse malformed and oversized bodies', async () => {
    const post = (body: string) =>
      backend.get('/api/probe/echo', {
        method: 'POST',
        headers: { ...signedIn.headers, 'content-type': 'application/json' },
        body,
      });
    const malformed = await post('{"a":');
    expect(malformed.status).toBe(400);
    expect(malformed.text).not.toMatch(/node_modules|\bat /);
    expect((await post(`"${'x'.repeat(200_000)}"`)).status).toBe(413);
    expect((await post('{"a":1}')).text).toBe('{"a":1}');
  });

  it('should answer with its own request id or that of the proxy', async () => {
    const idFor = async (id: string) =>
      (
        await backend.get('/api/probe/empty', {
          headers: { ...signedIn.headers, 'x-request-id': id },
        })
      ).headers.get('x-request-id');
    expect(await idFor('0af7651916cd43dd')).toBe('0af7651916cd43dd');
    expect(await idFor('a b" forged=1')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('should send security headers', async () => {
    const { headers } = await backend.get('/');
    expect(Object.fromEntries(headers)).toMatchObject({
      'cross-origin-opener-policy': 'same-origin-allow-popups',
      'cross-origin-resource-policy': 'same-origin',
      'permissions-policy': expect.stringContaining('camera=()'),
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.any(String),
      'strict-transport-security': expect.any(String),
    });
    expect(headers.has('x-powered-by')).toBe(false);
  });
});
