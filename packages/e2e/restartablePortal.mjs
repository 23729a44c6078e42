/**
 * A portal with data of its own whose backend can be killed and started again, while its database and its sandbox go on. The
 * frontend must have been built. `src/fixtures/RestartablePortal.ts` starts this program and speaks to it; it ends, and all
 * of the portal with it, when whoever started it is gone.
 */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort, temporaryFolder } from './startPortal.mjs';

// The launcher is no library: like `npm start`, this finds its files beside it
const launcher = name =>
  import(new URL(`../launcher/src/${name}.mjs`, import.meta.url).href);
const { createContext, prepareFolders } = await launcher('context');
const { Portal, portalSettings } = await launcher('portal');

const home = await temporaryFolder('waystone-e2e-faults');
Object.assign(process.env, {
  WAYSTONE_HOME: home,
  WAYSTONE_PORT: String(await freePort()),
  WAYSTONE_SANDBOX_PORT: String(await freePort()),
  WAYSTONE_SANDBOX_KUBECTL_PORT: String(await freePort()),
});
const context = createContext('start', []);
prepareFolders(context);
const settings = portalSettings(context, {});
const portal = new Portal(context, settings);
let backend;

const work = {
  start: async () => {
    await portal.lock();
    await portal.startDatabase();
    await portal.startSandbox();
    backend = await portal.startBackend();
    const secrets = await readFile(join(home, 'secrets.json'), 'utf8');
    return {
      url: settings.baseUrl,
      sandboxUrl: settings.sandboxUrl,
      sandboxToken: JSON.parse(secrets).sandboxToken,
    };
  },
  // As if the machine had lost its power: there is no time to end anything.
  'kill-backend': async () => {
    process.kill(-backend.pid, 'SIGKILL');
    await backend.exited;
  },
  'start-backend': async () => {
    backend = await portal.startBackend();
  },
};

process.on('message', ({ id, what }) => {
  work[what]().then(
    result => process.send?.({ id, result }),
    error => {
      const details = error.details ? `\n${error.details}` : '';
      process.send?.({ id, error: `${error.message}${details}` });
    },
  );
});
process.once('disconnect', async () => {
  await portal.stop().catch(() => {});
  await rm(home, { recursive: true, force: true });
  process.exit(0);
});
