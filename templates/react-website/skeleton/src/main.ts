import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createApp, type ServiceState } from './createApp.ts';
import { Metrics } from './metrics.ts';
import { startTracing } from './tracing.ts';

const name = process.env.OTEL_SERVICE_NAME ?? '${{ values.name }}';
const port = Number(process.env.PORT ?? 8080);

const stopTracing = startTracing(name);
const state: ServiceState = { ready: false };
const app = createApp(state, new Metrics(name), join(import.meta.dirname, '../dist'), {
  logLevel: process.env.LOG_LEVEL,
});

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, async () => {
    app.log.info({ signal }, 'Stopping');
    state.ready = false;
    // Open requests are answered first; the platform waits before it sends the signal
    await Promise.race([app.close(), sleep(20_000)]);
    await stopTracing();
    process.exit(0);
  });
}

await app.listen({ port, host: '0.0.0.0' });
state.ready = true;
