import pino from 'pino';
import { runJob } from './runJob.ts';
import { startTracing } from './tracing.ts';
import { work } from './work.ts';

const name = process.env.OTEL_SERVICE_NAME ?? '${{ values.name }}';
const log = pino({ name, level: process.env.LOG_LEVEL ?? 'info' });
const stopTracing = startTracing(name);
const controller = new AbortController();

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => controller.abort(new Error(`Stopped by ${signal}`)));
}

process.exitCode = await runJob(work, { log, signal: controller.signal });
await stopTracing();
