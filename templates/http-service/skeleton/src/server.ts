import { createServer, type Server, type ServerResponse } from 'node:http';

/** What can be asked about the running service. */
export interface ServiceState {
  /** False while starting and while shutting down: send no traffic. */
  ready: boolean;
}

const SERVICE_NAME = '${{ values.name }}';

export function createService(state: ServiceState): Server {
  return createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');

    if (request.method !== 'GET') {
      sendProblem(response, 405, 'Only GET is supported');
      return;
    }

    switch (pathname) {
      case '/':
        sendJson(response, 200, { service: SERVICE_NAME });
        return;
      // The process runs. Kubernetes restarts the pod when this fails.
      case '/healthz':
        sendJson(response, 200, { status: 'ok' });
        return;
      // The service can answer. Kubernetes sends no traffic while this fails.
      case '/readyz':
        sendJson(response, state.ready ? 200 : 503, {
          status: state.ready ? 'ready' : 'not ready',
        });
        return;
      default:
        sendProblem(response, 404, 'There is nothing at this path');
    }
  });
}

function sendJson(response: ServerResponse, status: number, body: object) {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

function sendProblem(response: ServerResponse, status: number, title: string) {
  response.writeHead(status, { 'content-type': 'application/problem+json' });
  response.end(JSON.stringify({ type: 'about:blank', title, status }));
}
