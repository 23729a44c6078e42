import { createHmac } from 'node:crypto';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import eventsPlugin from '@backstage/plugin-events-backend';
import type { EventParams } from '@backstage/plugin-events-node';
import request from 'supertest';
import eventsModuleWaystone from './index';

const BODY = '{"ref":"refs/heads/main"}';

async function start(modules: object) {
  const events = mockServices.events.mock();
  const backend = await startTestBackend({
    features: [
      eventsPlugin,
      eventsModuleWaystone,
      events.factory,
      mockServices.rootConfig.factory({ data: { events: { modules } } }),
    ],
  });
  const send = (topic: string, headers: Record<string, string>) =>
    request(backend.server)
      .post(`/api/events/http/${topic}`)
      .set({ 'content-type': 'application/json', ...headers })
      .send(BODY);
  const published = () =>
    events.publish.mock.calls.map(([event]: [EventParams]) => [
      event.topic,
      event.eventPayload,
    ]);
  return { published, send, stop: () => backend.stop() };
}

const sign = (secret: string, body = BODY) =>
  createHmac('sha256', secret).update(body).digest('hex');

describe('the module of webhooks', () => {
  it('takes what is signed with the secret of the forge, and nothing else', async () => {
    const { published, send, stop } = await start({
      gitea: { webhookSecret: 'one' },
      github: { webhookSecret: 'two' },
    });
    for (const [topic, headers] of [
      ['gitea', {}],
      ['gitea', { 'x-gitea-signature': '' }],
      ['gitea', { 'x-gitea-signature': sign('two') }],
      ['gitea', { 'x-gitea-signature': sign('one', `${BODY} `) }],
      ['gitea', { 'x-hub-signature-256': `sha256=${sign('one')}` }],
      ['github', { 'x-hub-signature-256': sign('two') }],
      ['github', { 'x-gitea-signature': sign('two') }],
    ] as const) {
      expect((await send(topic, headers)).status).toBe(403);
    }
    expect(published()).toEqual([]);

    const accepted = [
      await send('gitea', { 'x-gitea-signature': sign('one') }),
      await send('github', { 'x-hub-signature-256': `sha256=${sign('two')}` }),
    ];
    expect(accepted.map(({ status }) => status)).toEqual([202, 202]);
    expect(published()).toEqual([
      ['gitea', { ref: 'refs/heads/main' }],
      ['github', { ref: 'refs/heads/main' }],
    ]);
    await stop();
  });

  it('has no address without a secret', async () => {
    const { published, send, stop } = await start({
      gitea: { webhookSecret: 'one' },
    });
    const { status } = await send('github', {
      'x-hub-signature-256': `sha256=${sign('')}`,
    });
    expect(status).toBe(404);
    expect(published()).toEqual([]);
    await stop();
  });
});
