import { parentPort, workerData } from 'node:worker_threads';
import { DocsBuildError } from '../diagnostics/DocsBuildError';
import { buildSite } from '../site/buildSite';
import { Activity } from './Activity';
import type { FromWorker, ToWorker, WorkerSettings } from './messages';
import { PeerRenderer, servePeer, SharedRenderer } from './PeerRenderer';
import { PoolDrawer } from './PoolDrawer';
import { SiteRenderer } from './SiteRenderer';

/** A thread of the pool: builds sites, and renders pages for the sites that its neighbours build. */
function startWorker(): void {
  const port = parentPort;
  if (!port) return;
  const settings = workerData as WorkerSettings;
  const own = new SiteRenderer({
    cacheBytes: settings.cacheBytes,
    keepFolder: settings.keepFolder,
    activity: new Activity(settings.activity),
  });
  const drawer = new PoolDrawer({
    types: settings.diagramTypes,
    post: message => port.postMessage(message),
  });
  const cancels = new Map<string, AbortController>();
  let shared = new SharedRenderer([own]);

  const build = async (message: Extract<ToWorker, { type: 'build' }>) => {
    const { id, request } = message;
    const cancel = new AbortController();
    cancels.set(id, cancel);
    let answer: FromWorker;
    try {
      const report = await buildSite({
        ...request,
        renderer: shared,
        diagrams: drawer.forBuild(id),
        signal: cancel.signal,
      });
      answer = { type: 'done', id, report };
    } catch (error) {
      answer = {
        type: 'failed',
        id,
        message: error instanceof Error ? error.message : String(error),
        problems: error instanceof DocsBuildError ? error.problems : undefined,
      };
    } finally {
      cancels.delete(id);
    }
    port.postMessage(answer);
  };

  port.on('message', (message: ToWorker) => {
    if (message.type === 'cancel') cancels.get(message.id)?.abort();
    else if (message.type === 'build') void build(message);
    else if (message.type === 'drawn') {
      drawer.drawn(message.call, message.outcome);
    } else if (message.type === 'serve') servePeer(message.port, own);
    else {
      shared = new SharedRenderer([
        own,
        ...message.ports.map(peer => new PeerRenderer(peer)),
      ]);
    }
  });
}

startWorker();
