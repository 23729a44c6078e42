import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { createApp, type ServiceState } from '../src/createApp.ts';
import { Metrics } from '../src/metrics.ts';

describe('${{ values.name }}', () => {
  const state: ServiceState = { name: '${{ values.name }}', ready: true };
  const app = createApp(state, new Metrics('${{ values.name }}'), {
    logLevel: 'silent',
  });

  after(() => app.close());

  it('answers', async () => {
    const response = await app.inject('/');
    assert.equal(response.statusCode, 200);
    assert.deepEqual(response.json(), { service: '${{ values.name }}' });
  });

  it('says whether it lives and is ready', async () => {
    assert.equal((await app.inject('/health/live')).statusCode, 200);
    assert.equal((await app.inject('/health/ready')).statusCode, 200);

    state.ready = false;
    assert.equal((await app.inject('/health/ready')).statusCode, 503);
    assert.equal((await app.inject('/health/live')).statusCode, 200);
  });

  it('answers what is not there with problem details', async () => {
    const response = await app.inject('/nothing-here');
    assert.equal(response.statusCode, 404);
    assert.equal(
      response.headers['content-type'],
      'application/problem+json; charset=utf-8',
    );
    assert.equal(response.json().status, 404);
  });

  it('measures requests as the dashboard and the alerts read them', async () => {
    await app.inject('/');
    const { body } = await app.inject('/metrics');
    assert.match(
      body,
      /^http_server_request_duration_seconds_count\{.*http_request_method="GET",http_route="\/",http_response_status_code="200".*\} \d+/m,
    );
    assert.match(
      body,
      /^http_server_request_duration_seconds_bucket\{.*le="0.5"\} \d+/m,
    );
    assert.doesNotMatch(body, /http_route="\/health/);
  });
});
