import assert from 'node:assert/strict';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { createApp, type ServiceState } from '../src/createApp.ts';
import { Metrics } from '../src/metrics.ts';

describe('${{ values.name }}', () => {
  const pages = mkdtempSync(join(tmpdir(), 'pages-'));
  writeFileSync(join(pages, 'index.html'), '<h1>Here</h1>');
  mkdirSync(join(pages, 'assets'));
  writeFileSync(join(pages, 'assets/main-abc.js'), 'void 0;');
  const state: ServiceState = { ready: true };
  const app = createApp(state, new Metrics('${{ values.name }}'), pages, {
    logLevel: 'silent',
  });

  after(async () => {
    await app.close();
    rmSync(pages, { recursive: true });
  });

  it('serves the page at all of its addresses', async () => {
    for (const path of ['/', '/orders/17']) {
      const response = await app.inject(path);
      assert.equal(response.statusCode, 200);
      assert.equal(response.body, '<h1>Here</h1>');
      assert.match(String(response.headers['content-security-policy']), /default-src 'self'/);
    }
  });

  it('has assets kept for long, and says which are missing', async () => {
    const asset = await app.inject('/assets/main-abc.js');
    assert.match(String(asset.headers['cache-control']), /immutable/);
    assert.equal((await app.inject('/assets/gone.js')).statusCode, 404);
    assert.equal((await app.inject('/..%2fpackage.json')).statusCode, 404);
  });

  it('says whether it lives and is ready', async () => {
    assert.equal((await app.inject('/health/live')).statusCode, 200);
    assert.equal((await app.inject('/health/ready')).statusCode, 200);
    state.ready = false;
    assert.equal((await app.inject('/health/ready')).statusCode, 503);
  });

  it('measures requests as the dashboard and the alerts read them', async () => {
    await app.inject('/');
    const { body } = await app.inject('/metrics');
    assert.match(body, /^http_server_request_duration_seconds_count\{.*http_response_status_code="200".*\} \d+/m);
    assert.doesNotMatch(body, /http_route="\/health/);
  });
});
