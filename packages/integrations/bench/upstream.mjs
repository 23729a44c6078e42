/**
 * A system for the benchmark, in a process of its own: a Kubernetes API with many Argo CD Applications, a healthy
 * endpoint, and one that never answers. Its parent tells it what to do over IPC.
 */
import { createServer } from 'node:http';

const objects = new Map();
const watches = new Set();
let version = 1000;
let requests = 0;

const server = createServer((request, response) => {
  const url = new URL(request.url, 'http://localhost');
  if (url.pathname === '/hang') {
    return;
  }
  if (url.pathname === '/healthy') {
    setTimeout(() => response.end('{"ok":true}'), 5);
    return;
  }
  requests += 1;
  if (url.searchParams.get('watch') === 'true') {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    watches.add(response);
    const timer = setTimeout(
      () => response.end(),
      Number(url.searchParams.get('timeoutSeconds')) * 1000,
    );
    response.on('close', () => {
      clearTimeout(timer);
      watches.delete(response);
    });
    return;
  }
  response.setHeader('content-type', 'application/json');
  if (url.pathname === '/apis/argoproj.io/v1alpha1') {
    response.end(
      JSON.stringify({
        kind: 'APIResourceList',
        groupVersion: 'argoproj.io/v1alpha1',
        resources: [
          {
            name: 'applications',
            kind: 'Application',
            namespaced: true,
            verbs: ['list', 'watch'],
          },
        ],
      }),
    );
    return;
  }
  const start = Number(url.searchParams.get('continue') ?? 0);
  const limit = Number(url.searchParams.get('limit') ?? objects.size);
  const items = [...objects.values()].slice(start, start + limit);
  const next = start + limit;
  response.end(
    JSON.stringify({
      kind: 'ApplicationList',
      apiVersion: 'argoproj.io/v1alpha1',
      metadata: {
        resourceVersion: String(version),
        continue: next < objects.size ? String(next) : undefined,
      },
      items,
    }),
  );
});

// As often as the real API server.
setInterval(() => {
  send({
    type: 'BOOKMARK',
    object: { metadata: { resourceVersion: String(version) } },
  });
}, 60_000).unref();

process.on('message', message => {
  if (message.create) {
    for (let index = 0; index < message.create; index++) {
      const application = createApplication(index);
      objects.set(application.metadata.name, application);
    }
  }
  if (message.change !== undefined) {
    version += 1;
    const application = createApplication(message.change);
    application.metadata.annotations = {
      'bench.example.com/sent-at': String(process.hrtime.bigint()),
    };
    objects.set(application.metadata.name, application);
    send({ type: 'MODIFIED', object: application });
  }
  process.send({
    requests,
    watches: watches.size,
    bytes: message.create && JSON.stringify([...objects.values()]).length,
  });
});

server.listen(0, '127.0.0.1', () => {
  process.send({ url: `http://127.0.0.1:${server.address().port}` });
});

function send(event) {
  const line = `${JSON.stringify(event)}\n`;
  watches.forEach(response => response.write(line));
}

/** About as large as a real one: a few KB, half of it managed fields and the resources it holds. */
function createApplication(index) {
  const name = `service-${index}-production`;
  return {
    metadata: {
      name,
      namespace: 'argocd',
      uid: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
      resourceVersion: String(version),
      generation: 12,
      creationTimestamp: '2026-01-01T00:00:00Z',
      labels: { team: `team-${index % 50}`, environment: 'production' },
      managedFields: Array.from({ length: 4 }, (_, field) => ({
        manager: `manager-${field}`,
        operation: 'Update',
        apiVersion: 'argoproj.io/v1alpha1',
        time: '2026-01-01T00:00:00Z',
        fieldsType: 'FieldsV1',
        fieldsV1: {
          'f:status': { 'f:sync': {}, 'f:health': {}, 'f:summary': {} },
        },
      })),
    },
    spec: {
      project: `team-${index % 50}`,
      source: {
        repoURL: `https://git.example.com/fernway/service-${index}.git`,
        path: 'deploy/production',
        targetRevision: 'main',
      },
      destination: { name: 'prod', namespace: `service-${index}` },
      syncPolicy: { automated: { prune: true, selfHeal: true } },
    },
    status: {
      sync: {
        status: index % 20 ? 'Synced' : 'OutOfSync',
        revision: 'a'.repeat(40),
      },
      health: { status: 'Healthy' },
      reconciledAt: '2026-01-01T00:00:00Z',
      resources: Array.from({ length: 8 }, (_, resource) => ({
        group: 'apps',
        version: 'v1',
        kind: 'Deployment',
        namespace: `service-${index}`,
        name: `service-${index}-${resource}`,
        status: 'Synced',
        health: { status: 'Healthy' },
      })),
      history: Array.from({ length: 10 }, (_, id) => ({
        id,
        revision: 'b'.repeat(40),
        deployedAt: '2026-01-01T00:00:00Z',
        source: {
          repoURL: `https://git.example.com/fernway/service-${index}.git`,
          path: 'deploy/production',
        },
      })),
      summary: {
        images: [`registry.example.com/fernway/service-${index}:1.0.0`],
      },
    },
  };
}
