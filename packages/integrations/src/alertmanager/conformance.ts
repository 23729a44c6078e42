import { randomUUID } from 'node:crypto';
import { request } from 'undici';
import { UpstreamError } from '../core/UpstreamError';
import type { AlertmanagerClient, AlertmanagerSilenceDraft } from './Client';
import { createAlertmanagerClient } from './createAlertmanagerClient';

/** An Alertmanager that the suite may send alerts to. @public */
export interface AlertmanagerUnderTest {
  readonly url: string;
  /** Sent as bearer token, if there is one. */
  readonly token?: string;
  close?(): Promise<void>;
}

/**
 * What {@link AlertmanagerClient} needs of an Alertmanager. Runs on the sandbox and on real servers.
 *
 * @remarks
 * Its alerts have a label of their own and end at the end, as do its silences.
 *
 * @public
 */
export function testAlertmanagerClient(options: {
  create(): Promise<AlertmanagerUnderTest>;
}): void {
  describe('the client of Alertmanager', () => {
    const run = `run-${randomUUID()}`;
    const own = { name: 'run', value: run };
    const strange = 'quo"te\\back,{comma}=~é';
    let server: AlertmanagerUnderTest;
    let client: AlertmanagerClient;

    const send = async (
      labels: Record<string, string>,
      endsAt: Date,
    ): Promise<void> => {
      const answer = await request(`${server.url}/api/v2/alerts`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(server.token && { authorization: `Bearer ${server.token}` }),
        },
        body: JSON.stringify([
          {
            labels: { ...labels, run },
            annotations: { summary: 'A summary' },
            endsAt: endsAt.toISOString(),
            startsAt: new Date(Date.now() - 60_000).toISOString(),
            generatorURL: 'http://prometheus.example/graph',
          },
        ]),
      });
      await answer.body.dump();
      if (answer.statusCode !== 200) {
        throw new Error(`It takes no alerts: ${answer.statusCode}`);
      }
    };

    const alerts = [
      { alertname: 'First', place: 'one' },
      { alertname: 'Second', place: 'one' },
      { alertname: 'Third', place: strange },
    ];

    const inOneHour = () => new Date(Date.now() + 3_600_000);

    const draft = (
      changes: Partial<AlertmanagerSilenceDraft> = {},
    ): AlertmanagerSilenceDraft => ({
      matchers: [own, { name: 'alertname', value: 'First' }],
      startsAt: new Date().toISOString(),
      endsAt: inOneHour().toISOString(),
      createdBy: 'somebody',
      comment: 'Because of a test',
      ...changes,
    });

    const failureOf = async (call: Promise<unknown>): Promise<UpstreamError> =>
      call.then(
        () => {
          throw new Error('It should have failed');
        },
        error => {
          if (error instanceof UpstreamError) {
            return error;
          }
          throw error;
        },
      );

    beforeAll(async () => {
      server = await options.create();
      client = createAlertmanagerClient({
        instance: 'test',
        baseUrl: server.url,
        ...(server.token && {
          authorization: () => ({ authorization: `Bearer ${server.token}` }),
        }),
      });
      for (const labels of alerts) {
        await send(labels, inOneHour());
      }
    });

    afterAll(async () => {
      if (client) {
        const silences = await client.silences({
          filter: [own],
          expired: false,
        });
        for (const { id } of silences) {
          await client.expireSilence(id);
        }
        for (const labels of alerts) {
          await send(labels, new Date(Date.now() - 1_000));
        }
        await client.close();
      }
      await server?.close?.();
    });

    it('reads the status and answers the probe', async () => {
      const status = await client.status();
      expect(status).toMatchObject({
        // Who builds it may leave it out.
        version: expect.stringMatching(/^(\d+\.\d+.*)?$/),
        cluster: expect.stringMatching(/^(ready|settling|disabled)$/),
      });
      expect(Date.parse(status.startedAt)).not.toBeNaN();
      expect(await client.upstream.probe()).toEqual({
        version: status.version || undefined,
        authenticated: true,
      });
    });

    it('lists firing alerts with their receivers', async () => {
      const found = await client.alerts({ filter: [own] });
      expect(found.map(({ labels }) => labels.alertname).sort()).toEqual([
        'First',
        'Second',
        'Third',
      ]);
      const receivers = await client.receivers();
      for (const alert of found) {
        expect(alert).toMatchObject({
          fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
          annotations: { summary: 'A summary' },
          generatorUrl: 'http://prometheus.example/graph',
          status: { state: 'active', silencedBy: [], inhibitedBy: [] },
        });
        expect(Date.parse(alert.endsAt)).toBeGreaterThan(Date.now());
        expect(receivers).toEqual(expect.arrayContaining(alert.receivers));
      }
    });

    it('filters with values that have quotes, and by patterns', async () => {
      const names = async (...filter: Parameters<typeof client.alerts>[0][]) =>
        (await client.alerts(filter[0])).map(({ labels }) => labels.alertname);
      expect(
        await names({ filter: [own, { name: 'place', value: strange }] }),
      ).toEqual(['Third']);
      expect(
        (
          await names({
            filter: [
              own,
              { name: 'alertname', value: 'First|Second', isRegex: true },
            ],
          })
        ).sort(),
      ).toEqual(['First', 'Second']);
      expect(
        await names({
          filter: [
            own,
            {
              name: 'alertname',
              value: 'Fir.*|Sec.*',
              isRegex: true,
              isEqual: false,
            },
          ],
        }),
      ).toEqual(['Third']);
      expect(
        await names({
          filter: [own, { name: 'place', value: 'one', isEqual: false }],
        }),
      ).toEqual(['Third']);
      expect(await names({ filter: [own], active: false })).toEqual([]);
      expect(
        await names({ filter: [own], receiver: 'no-such-receiver.*' }),
      ).toEqual([]);
    });

    it('groups', async () => {
      const groups = await client.alertGroups({ filter: [own] });
      expect(
        groups
          .flatMap(group => group.alerts.map(({ labels }) => labels.alertname))
          .sort(),
      ).toEqual(expect.arrayContaining(['First', 'Second', 'Third']));
      for (const group of groups) {
        for (const alert of group.alerts) {
          expect(alert.labels).toMatchObject(group.labels);
          expect(alert.receivers).toContain(group.receiver);
        }
      }
    });

    it('silences, changes and ends', async () => {
      const id = await client.setSilence(draft());
      expect(await client.findSilence(id)).toMatchObject({
        id,
        status: { state: 'active' },
        createdBy: 'somebody',
        comment: 'Because of a test',
        matchers: expect.arrayContaining([
          {
            name: 'alertname',
            value: 'First',
            isRegex: false,
            isEqual: true,
          },
        ]),
      });
      const [silenced] = await client.alerts({
        filter: [own, { name: 'alertname', value: 'First' }],
      });
      expect(silenced.status).toMatchObject({
        state: 'suppressed',
        silencedBy: [id],
      });
      expect(
        await client.alerts({
          filter: [own, { name: 'alertname', value: 'First' }],
          silenced: false,
        }),
      ).toEqual([]);

      const other = await client.setSilence(
        draft({ id, matchers: [own, { name: 'alertname', value: 'Second' }] }),
      );
      expect(other).not.toBe(id);
      expect(await client.findSilence(id)).toMatchObject({
        status: { state: 'expired' },
      });

      await client.expireSilence(other);
      expect(await client.findSilence(other)).toMatchObject({
        status: { state: 'expired' },
      });
      const left = await client.silences({ filter: [own], expired: false });
      expect(left).toEqual([]);
      const all = await client.silences({ filter: [own] });
      expect(all.map(silence => silence.id)).toEqual(
        expect.arrayContaining([id, other]),
      );
    });

    it('keeps the id when only the end changes', async () => {
      const id = await client.setSilence(draft());
      const { startsAt } = (await client.findSilence(id))!;
      const endsAt = new Date(Date.now() + 7_200_000).toISOString();
      expect(await client.setSilence(draft({ id, startsAt, endsAt }))).toBe(id);
      expect(Date.parse((await client.findSilence(id))!.endsAt)).toBe(
        Date.parse(endsAt),
      );
    });

    it('lets a silence begin later', async () => {
      const id = await client.setSilence(
        draft({
          startsAt: inOneHour().toISOString(),
          endsAt: new Date(Date.now() + 7_200_000).toISOString(),
        }),
      );
      expect(await client.findSilence(id)).toMatchObject({
        status: { state: 'pending' },
      });
    });

    it('says what is wrong with a silence', async () => {
      const early = await failureOf(
        client.setSilence(
          draft({ endsAt: new Date(Date.now() - 1_000).toISOString() }),
        ),
      );
      expect(early).toMatchObject({
        code: 'invalid',
        reason: expect.stringContaining('start time must be before end time'),
      });
      const pattern = await failureOf(
        client.setSilence(
          draft({ matchers: [{ name: 'a', value: '(', isRegex: true }] }),
        ),
      );
      expect(pattern).toMatchObject({
        code: 'invalid',
        reason: expect.stringContaining('missing closing )'),
      });
      const everything = await failureOf(
        client.setSilence(
          draft({ matchers: [{ name: 'a', value: '.*', isRegex: true }] }),
        ),
      );
      expect(everything).toMatchObject({
        code: 'invalid',
        reason: expect.stringContaining('must not match the empty string'),
      });
      const nothing = await failureOf(
        client.setSilence(draft({ matchers: [] })),
      );
      expect(nothing.code).toBe('invalid');
    });

    it('finds no silence that is not there', async () => {
      const id = randomUUID();
      expect(await client.findSilence(id)).toBeUndefined();
      const unknown = await failureOf(client.setSilence(draft({ id })));
      expect(unknown).toMatchObject({
        code: 'not-found',
        reason: 'silence not found',
      });
      expect((await failureOf(client.expireSilence('no-uuid'))).code).toBe(
        'invalid',
      );
    });

    it('refuses an unreadable filter in words', async () => {
      const answer = await request(
        `${server.url}/api/v2/alerts?filter=alertname`,
        {
          headers: server.token
            ? { authorization: `Bearer ${server.token}` }
            : {},
        },
      );
      expect(answer.statusCode).toBe(400);
      expect(await answer.body.json()).toEqual('bad matcher format: alertname');
    });
  });
}
