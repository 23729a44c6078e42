import { createService, type ServiceState } from './server.ts';

const port = Number(process.env.PORT ?? 8080);
// Time for load balancers to notice that this pod goes away.
const drainMs = Number(process.env.DRAIN_MS ?? 5000);

const state: ServiceState = { ready: false };
const server = createService(state);

server.listen(port, () => {
  state.ready = true;
  console.log(JSON.stringify({ level: 'info', message: 'listening', port }));
});

function shutDown(signal: string) {
  state.ready = false;
  console.log(JSON.stringify({ level: 'info', message: 'stopping', signal }));
  setTimeout(() => server.close(() => process.exit(0)), drainMs);
}

process.once('SIGTERM', () => shutDown('SIGTERM'));
process.once('SIGINT', () => shutDown('SIGINT'));
