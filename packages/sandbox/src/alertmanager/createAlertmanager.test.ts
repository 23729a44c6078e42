import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { createTestContext } from '../testUtils/createTestContext';
import { findRoutes, readAlertmanagerConfig } from './AlertmanagerConfig';
import { createAlertmanager } from './createAlertmanager';
import { createDefaultConfig } from './createDefaultConfig';
import { fingerprintOf } from './fingerprintOf';

describe('the Alertmanager of the sandbox', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-alertmanager-'));
  const context = createTestContext({ stateFolder: folder });
  const headers = {
    authorization: 'Bearer token-of-the-tests',
    'content-type': 'application/json',
  };
  let ahead = 0;
  const create = () =>
    createAlertmanager(context, {
      teams: ['orders', 'payments'],
      now: () => Date.now() + ahead,
    });
  let alertmanager = create();
  const server = createServer(
    express().use((req, res, next) => alertmanager.handler(req, res, next)),
  );
  let url: string;

  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await new Promise(resolve => server.once('listening', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v2`;
  });

  afterAll(async () => {
    server.closeAllConnections();
    await new Promise(resolve => server.close(resolve));
    rmSync(folder, { recursive: true });
  });

  const get = async (path: string) =>
    (await fetch(`${url}${path}`, { headers })).json();
  const post = async (path: string, body: unknown) => {
    const response = await fetch(`${url}${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, body: text && JSON.parse(text) };
  };
  const silence = (changes: object = {}) => ({
    matchers: [{ name: 'team', value: 'orders', isRegex: false }],
    startsAt: new Date().toISOString(),
    endsAt: new Date(Date.now() + 3_600_000).toISOString(),
    createdBy: 'somebody',
    comment: '',
    ...changes,
  });

  it('routes by team and severity, and a critical alert holds back the others', async () => {
    const place = { cluster: 'prod', namespace: 'shop', service: 'web' };
    alertmanager.receive([
      {
        labels: {
          alertname: 'A',
          team: 'orders',
          severity: 'critical',
          ...place,
        },
      },
      {
        labels: {
          alertname: 'B',
          team: 'orders',
          severity: 'warning',
          ...place,
        },
      },
      { labels: { alertname: 'C', severity: 'warning' } },
    ]);
    const alerts = await get('/alerts');
    const byName = Object.fromEntries(
      alerts.map((alert: any) => [alert.labels.alertname, alert]),
    );
    expect(byName.A.receivers).toEqual([{ name: 'orders-on-call' }]);
    expect(byName.B).toMatchObject({
      receivers: [{ name: 'orders-chat' }],
      status: { state: 'suppressed', inhibitedBy: [byName.A.fingerprint] },
    });
    expect(byName.C.receivers).toEqual([{ name: 'platform' }]);
    expect(await get('/alerts?active=false')).toMatchObject([
      { labels: { alertname: 'B' } },
    ]);
    expect(await get('/alerts/groups?receiver=orders-.*')).toHaveLength(2);
  });

  it('drops alerts that nobody repeats', async () => {
    ahead += 6 * 60_000;
    expect(await get('/alerts')).toEqual([]);
  });

  it('keeps silences over a restart', async () => {
    const { body } = await post('/silences', silence());
    alertmanager = create();
    expect(await get('/silences')).toMatchObject([
      { id: body.silenceID, status: { state: 'active' } },
    ]);
  });

  // Compared with Alertmanager 0.34.
  it.each([
    [{}, 422, { code: 602, message: 'comment in body is required' }],
    [
      silence({ matchers: [] }),
      422,
      { code: 612, message: 'matchers in body should have at least 1 items' },
    ],
    [
      silence({ endsAt: new Date(0).toISOString() }),
      400,
      'Failed to create silence: start time must be before end time',
    ],
    [silence({ id: 'x' }), 404, 'silence not found'],
    [
      silence({ matchers: [{ name: 'a', value: '', isRegex: false }] }),
      400,
      'invalid silence: matcher set 0: at least one matcher must not match the empty string',
    ],
    [
      silence({ matchers: [{ name: 'a', value: '(', isRegex: true }] }),
      400,
      'invalid silence: invalid label matcher 0 in set 0: invalid regular expression "(": error parsing regexp: missing closing ): `(`',
    ],
  ])('refuses the silence %j', async (body, status, error) => {
    expect(await post('/silences', body)).toEqual({ status, body: error });
  });

  it('refuses as Alertmanager does elsewhere', async () => {
    expect(await post('/alerts', [{ labels: {} }])).toEqual({
      status: 400,
      body: 'at least one label pair required',
    });
    expect(await get('/silence/x')).toEqual({
      code: 601,
      message: 'silenceID in path must be of type uuid: "x"',
    });
    const unknown = await fetch(
      `${url}/silence/6b29fc40-ca47-1067-b31d-00dd010662da`,
      { headers },
    );
    expect([unknown.status, await unknown.text()]).toEqual([404, '']);
    expect(await get('/alerts?receiver=(')).toBe(
      'failed to parse receiver param: error parsing regexp: missing closing ): `^(?:()$`',
    );
    expect(await get('/alerts?filter=a="b",c="d"')).toBe(
      'matcher value contains unescaped double quote: "b",c="d"',
    );
    expect((await fetch(`${url}/alerts`)).status).toBe(401);
  });

  it('has the fingerprints of the real one', () => {
    expect(
      fingerprintOf({
        alertname: 'A',
        namespace: 'n',
        severity: 'critical',
        team: 'orders',
      }),
    ).toBe('5fe6e32eedd8e54a');
  });

  it('goes on to the next route where it is told to', () => {
    const { route } = readAlertmanagerConfig(`
route:
  receiver: a
  routes:
    - { receiver: b, matchers: ['x="1"'], continue: true }
    - { receiver: c, match_re: { x: "1|2" } }
    - { receiver: d, match: { x: "1" } }
receivers: [{ name: a }, { name: b }, { name: c }, { name: d }]
`);
    const receivers = (x: string) =>
      findRoutes(route, { x }).map(({ receiver }) => receiver);
    expect(receivers('1')).toEqual(['b', 'c']);
    expect(receivers('2')).toEqual(['c']);
    expect(receivers('3')).toEqual(['a']);
  });

  it('refuses a configuration that names no receiver', () => {
    expect(() =>
      readAlertmanagerConfig('route: { receiver: a }\nreceivers: []'),
    ).toThrow('undefined receiver "a" used in route');
    expect(() =>
      readAlertmanagerConfig(createDefaultConfig(['a', 'b'])),
    ).not.toThrow();
  });
});
