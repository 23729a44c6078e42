import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { applyFaults } from '../core/applyFaults';
import { createFaultTable } from '../core/FaultTable';
import { createSandboxContext } from '../core/createSandboxContext';
import { listenOnLoopback } from '../http/listenOnLoopback';
import type { LoopbackListener } from '../http/listenOnLoopback';
import type { Platform } from '../Platform';
import type { SandboxPart } from '../SandboxPart';
import type { Story } from '../stories/Story';
import { StoryRunner } from '../stories/StoryRunner';
import { createControl } from './createControl';

const TOKEN = 'token-of-the-tests';

describe('the control of the sandbox', () => {
  let folder: string;
  let listener: LoopbackListener;
  let platform: Platform;
  let happened: string[];

  const rain: Story = {
    name: 'rain',
    title: 'Rain',
    summary: 'It rains.',
    look: 'Outside.',
    start: async () => void happened.push('rain started'),
    undo: async () => void happened.push('rain undone'),
  };
  const broken: Story = {
    ...rain,
    name: 'broken',
    start: async () => {
      throw new Error('no clouds');
    },
  };
  const shop: SandboxPart = {
    name: 'shop',
    path: '/shop',
    title: 'Shop',
    summary: 'A shop.',
    handler: (req, res) => {
      if (req.path === '/news') {
        res.write('open\n');
        return;
      }
      res.json({ goods: 'x'.repeat(1000) });
    },
    renderError: (status, message) => ({
      contentType: 'application/json',
      body: JSON.stringify({ shopSays: `${status} ${message}` }),
    }),
  };

  const start = async () => {
    platform = {
      clusters: new Map(),
      context: createSandboxContext({
        url: 'http://localhost',
        stateFolder: folder,
        token: TOKEN,
        faults: createFaultTable({ file: join(folder, 'faults.json') }),
        speed: 1,
        log: () => {},
      }),
    } as unknown as Platform;
    const stories = StoryRunner.create(platform, [rain, broken]);
    const app = express();
    const control = createControl({ platform, stories, parts: [shop] });
    app.use(control.path, control.handler);
    app.use(
      shop.path,
      applyFaults(platform.context.faults, shop),
      shop.handler,
    );
    listener = await listenOnLoopback({
      handler: app,
      port: 0,
      variable: 'WAYSTONE_SANDBOX_PORT',
    });
  };
  const call = (method: string, path: string, body?: unknown, token = TOKEN) =>
    fetch(`http://127.0.0.1:${listener.port}${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${token}`,
        'Content-Type': 'application/json',
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  const setFault = async (fault: object) => {
    const response = await call('PUT', '/control/faults/shop', fault);
    expect(response.status).toBe(200);
  };

  beforeEach(async () => {
    happened = [];
    folder = mkdtempSync(join(tmpdir(), 'control-'));
    await start();
  });

  afterEach(async () => {
    await listener.close();
    rmSync(folder, { recursive: true });
  });

  it('lets in nobody without the token', async () => {
    const refused = await call('GET', '/control/state', undefined, 'other');
    expect(refused.status).toBe(401);
    const write = await call('POST', '/control/stories/rain/start', {}, '');
    expect(write.status).toBe(401);
    expect(happened).toEqual([]);
  });

  it('starts and undoes a story, and remembers over a restart', async () => {
    await call('POST', '/control/stories/rain/start');
    const again = await call('POST', '/control/stories/rain/start');
    expect(again.status).toBe(409);
    expect(await again.json()).toEqual({
      error: {
        message: "The story 'rain' is under way already. Undo it first.",
      },
    });

    await listener.close();
    await start();
    const state = await (await call('GET', '/control/state')).json();
    expect(state.stories[0]).toMatchObject({
      name: 'rain',
      activeSince: expect.stringMatching(/^\d{4}-/),
    });
    await call('POST', '/control/stories/rain/undo');
    expect(happened).toEqual(['rain started', 'rain undone']);
    expect((await call('POST', '/control/stories/rain/undo')).status).toBe(409);
  });

  it('does not count a story that failed as started, and goes on after it', async () => {
    expect((await call('POST', '/control/stories/broken/start')).status).toBe(
      500,
    );
    const { stories } = await (await call('GET', '/control/state')).json();
    expect(stories[1].activeSince).toBeUndefined();
    expect((await call('POST', '/control/stories/rain/start')).status).toBe(
      200,
    );
  });

  it('names what it does not know', async () => {
    const story = await call('POST', '/control/stories/snow/start');
    expect(story.status).toBe(404);
    expect((await story.json()).error.message).toBe(
      "There is no story 'snow'. There are: rain, broken.",
    );
    const system = await call('PUT', '/control/faults/bank', { down: true });
    expect(system.status).toBe(404);
    const fault = await call('PUT', '/control/faults/shop', { status: 200 });
    expect(fault.status).toBe(400);
    expect((await fault.json()).error.message).toMatch(/^status: /);
    expect((await call('PUT', '/control/faults/shop', {})).status).toBe(400);
  });

  it('answers with a status in the words of the system, until it is cleared', async () => {
    await setFault({ status: 503, retryAfterSeconds: 7 });
    const response = await call('GET', '/shop');
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('7');
    expect(await response.json()).toEqual({
      shopSays: '503 the service is unavailable',
    });
    await call('DELETE', '/control/faults/shop');
    expect((await call('GET', '/shop')).status).toBe(200);
  });

  it('cuts a body in the middle', async () => {
    await setFault({ resetAfterBytes: 100 });
    const response = await call('GET', '/shop');
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow('terminated');
  });

  it('is gone with the streams it had, or talks nonsense', async () => {
    const stream = await call('GET', '/shop/news');
    await setFault({ latencyMs: 1 });
    const reader = stream.body!.getReader();
    expect(await reader.read()).toMatchObject({ done: false });
    await setFault({ down: true });
    await expect(reader.read()).rejects.toThrow('terminated');
    await expect(call('GET', '/shop')).rejects.toThrow('fetch failed');
    await setFault({ malformed: true });
    await expect((await call('GET', '/shop')).json()).rejects.toThrow('JSON');
  });

  it('still fails after a restart', async () => {
    await setFault({ status: 503 });
    await listener.close();
    await start();
    expect((await call('GET', '/shop')).status).toBe(503);
  });

  it('fails for the given share of requests only', async () => {
    await setFault({ status: 500, rate: 0 });
    expect((await call('GET', '/shop')).status).toBe(200);
  });
});
