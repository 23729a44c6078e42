import { explainMessage, parseArgoCdError } from './errors';

describe('errors of Argo CD', () => {
  // As Argo CD 3.5.1 words them.
  it.each([
    [
      403,
      'cannot sync: blocked by sync window',
      'denied',
      'blocked-by-sync-window',
    ],
    [
      400,
      'another operation is already in progress',
      'conflict',
      'operation-in-progress',
    ],
    [
      400,
      'Unable to terminate operation. No operation is in progress',
      'conflict',
      'no-operation-in-progress',
    ],
    [
      400,
      'rollback cannot be initiated when auto-sync is enabled',
      'conflict',
      'auto-sync-is-on',
    ],
    [
      400,
      'Cannot sync to v2: auto-sync currently set to HEAD',
      'conflict',
      'auto-sync-is-on',
    ],
    [400, 'application is deleting', 'conflict', 'application-is-deleting'],
    [
      400,
      'application argocd/a does not have deployment with id 7',
      'not-found',
      'no-such-deployment',
    ],
    [403, 'permission denied', 'denied', 'denied-or-missing'],
    [404, 'applications.argoproj.io "a" not found', 'not-found', 'missing'],
    [
      400,
      'application spec for a is invalid: InvalidSpecError: no',
      'invalid',
      'invalid-application',
    ],
  ])('%d %s', (status, message, code, type) => {
    expect(explainMessage(status, message)).toMatchObject({
      code,
      reason: message,
      details: { type },
    });
  });

  it('reads bodies that are JSON and those that are not', () => {
    expect(
      parseArgoCdError(
        500,
        'application/json',
        '{"message":"rpc error: code = Unknown desc = it broke"}',
      ),
    ).toMatchObject({ code: 'unavailable', reason: 'it broke' });
    expect(
      parseArgoCdError(
        415,
        'text/plain; charset=utf-8',
        'Invalid content type\n',
      ),
    ).toMatchObject({ code: 'invalid' });
    expect(parseArgoCdError(502, 'text/html', '<html>')).toBeUndefined();
    expect(
      parseArgoCdError(500, 'application/json', 'not json'),
    ).toBeUndefined();
  });
});
