/* eslint-disable no-console */
/**
 * What runs of golden paths and their dry runs cost, on a portal of its own with the sandbox. From the root of the repository:
 *
 *   npm run bench -- golden-paths [runs]
 */
import { rm } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { BROWSER_ARGS, findBrowser } from '../browser.mjs';
import { DEVELOPER, signIn, waitForOrganisation } from '../signIn.mjs';
import { startPortal, temporaryFolder } from '../startPortal.mjs';
import { show, sleep } from './figures.mjs';

const RUNS = Number(process.argv[2] ?? 20);
const DRY_RUNS = 100;
const WARM_UP = 5;
const TEMPLATE = 'template:default/nodejs-service';

const valuesOf = name => ({
  name,
  description: 'Keeps the points of customers and what they are worth.',
  owner: 'group:default/orders',
  system: 'system:default/ordering',
  tier: '3',
  database: 'none',
  cache: 'none',
  queue: 'none',
  exposure: 'internal',
  size: 'small',
  availability: '99.5',
});

const percentile = (values, share) =>
  [...values].sort((a, b) => a - b)[
    Math.min(values.length - 1, Math.ceil(values.length * share) - 1)
  ];

async function main() {
  const repo = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
  const home = await temporaryFolder('waystone-bench');
  const portal = await startPortal({ repo, home });
  try {
    await waitForOrganisation(portal.url);
    const token = await tokenOf(portal.url);
    const call = async (method, path, body) => {
      const response = await fetch(`${portal.url}/api/scaffolder${path}`, {
        method,
        headers: {
          Authorization: `Bearer ${token}`,
          'Content-Type': 'application/json',
        },
        body: body && JSON.stringify(body),
      });
      if (!response.ok) {
        throw new Error(`${method} ${path}: ${await response.text()}`);
      }
      return response.json();
    };
    console.log(`Load of the machine before: ${loadavg()[0].toFixed(1)}`);

    const preview = index =>
      call('POST', '/golden-paths/preview', {
        templateRef: TEMPLATE,
        values: valuesOf(`dry-run-${index}`),
      });
    for (let index = 0; index < WARM_UP; index++) await preview(index);
    const times = [];
    for (let index = 0; index < DRY_RUNS; index++) {
      const since = performance.now();
      await preview(index);
      times.push(performance.now() - since);
    }
    console.log(
      `${DRY_RUNS} dry runs with preview, one after the other: p50 ${Math.round(
        percentile(times, 0.5),
      )} ms, p95 ${Math.round(percentile(times, 0.95))} ms`,
    );

    const since = performance.now();
    const runs = await Promise.all(
      Array.from({ length: RUNS }, async (_, index) => {
        const { id } = await call('POST', '/v2/tasks', {
          templateRef: TEMPLATE,
          values: valuesOf(`run-at-once-${index}`),
        });
        for (;;) {
          const { status } = await call('GET', `/v2/tasks/${id}`);
          if (!['open', 'processing'].includes(status)) {
            return { id, status, ms: performance.now() - since };
          }
          // One person may ask so often and no more
          await sleep(150 * RUNS);
        }
      }),
    );
    const ms = runs.map(run => run.ms);
    const failed = runs.filter(({ status }) => status !== 'completed');
    console.log(
      `${RUNS} runs at once: ${RUNS - failed.length} completed, ${
        failed.length
      } failed; the first after ${show.seconds(
        Math.min(...ms),
      )}, the last after ${show.seconds(Math.max(...ms))}`,
    );
    for (const { id } of failed) {
      const events = await call('GET', `/v2/tasks/${id}/events`);
      console.log(events.at(-1)?.body.error?.message);
    }

    const alone = [];
    for (let index = 0; index < 3; index++) {
      const { id } = await call('POST', '/v2/tasks', {
        templateRef: TEMPLATE,
        values: valuesOf(`run-alone-${index}`),
      });
      let status = 'open';
      while (['open', 'processing'].includes(status)) {
        await sleep(250);
        ({ status } = await call('GET', `/v2/tasks/${id}`));
      }
      alone.push(stepsOf(await call('GET', `/v2/tasks/${id}/events`)));
    }
    for (const { id, name } of alone[0]) {
      const values = alone.map(
        steps => steps.find(step => step.id === id)?.ms ?? 0,
      );
      console.log(
        `A run alone, ${name}: ${show.exactSeconds(percentile(values, 0.5))}`,
      );
    }
    console.log(`Load of the machine after: ${loadavg()[0].toFixed(1)}`);
    if (failed.length > 0) process.exitCode = 1;
  } finally {
    await portal.stop();
    await rm(home, { recursive: true, force: true });
  }
}

/** How long each step took, as its events say. */
function stepsOf(events) {
  const at = (id, status) =>
    events.find(({ body }) => body.stepId === id && body.status === status);
  return events
    .filter(({ body }) => body.status === 'processing')
    .map(({ body, createdAt }) => ({
      id: body.stepId,
      name: body.message.replace('Beginning step ', ''),
      ms:
        new Date(at(body.stepId, 'completed')?.createdAt ?? createdAt) -
        new Date(createdAt),
    }));
}

/** The token of a developer, who signs in by the portal's pages. */
async function tokenOf(url) {
  const browser = await chromium.launch({
    executablePath: await findBrowser(),
    args: BROWSER_ARGS,
  });
  try {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(url);
    await signIn(page, DEVELOPER);
    const response = await context.request.get(
      `${url}/api/auth/oidc/refresh?env=sandbox&scope=openid%20profile%20email%20offline_access`,
      { headers: { 'X-Requested-With': 'XMLHttpRequest' } },
    );
    return (await response.json()).backstageIdentity.token;
  } finally {
    await browser.close();
  }
}

main().catch(error => {
  console.error(`✗ ${error.message}`);
  process.exit(1);
});
