import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { createService, type ServiceState } from '../src/server.ts';

describe('${{ values.name }}', () => {
  const state: ServiceState = { ready: true };
  const server = createService(state);
  let baseUrl: string;

  before(async () => {
    await new Promise<void>(resolve => server.listen(0, resolve));
    baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  after(() => server.close());

  it('is alive', async () => {
    const response = await fetch(`${baseUrl}/healthz`);
    assert.equal(response.status, 200);
    assert.deepEqual(await response.json(), { status: 'ok' });
  });

  it('says whether it is ready', async () => {
    assert.equal((await fetch(`${baseUrl}/readyz`)).status, 200);

    state.ready = false;
    assert.equal((await fetch(`${baseUrl}/readyz`)).status, 503);
  });

  it('answers 404 with problem details', async () => {
    const response = await fetch(`${baseUrl}/nothing-here`);
    assert.equal(response.status, 404);
    assert.equal(
      response.headers.get('content-type'),
      'application/problem+json',
    );
  });
});
