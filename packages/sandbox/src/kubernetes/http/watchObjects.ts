import type { ServerResponse } from 'node:http';
import type { KubernetesObject } from '../KubernetesCluster';
import { fromStorage } from '../resources/convertVersion';
import { formatApiVersion } from '../resources/ResourceType';
import type { ResourceType } from '../resources/ResourceType';
import type { StatusError } from '../StatusError';
import type { ObjectStore } from '../store/ObjectStore';
import type { StoredEvent } from '../store/ObjectTable';
import { expired } from '../write/statusErrors';
import { createMatcher } from './listObjects';
import { parseRevision, tooLargeRevision } from './listOptions';
import type { ListOptions } from './listOptions';

/** Real servers end a watch after half an hour to an hour. */
const LEAST_SECONDS = 1_800;
const BOOKMARK_MS = 60_000;
/** A client that does not read so much of what it asked for is cut off. */
const LARGEST_BACKLOG = 64 * 1024 * 1024;

/** A watch under way. @internal */
export interface Watch {
  /** Ends it as expired. */
  expire(): void;
  /** Ends it as when its time is up. */
  close(): void;
}

/** Streams changes until the client leaves or the time is up. */
export function watchObjects(options: {
  readonly response: ServerResponse;
  readonly store: ObjectStore;
  readonly type: ResourceType;
  readonly namespace: string | undefined;
  readonly list: ListOptions;
  /** All watches under way, to which this one adds itself. */
  readonly watches: Set<Watch>;
  /** Turns an object into what the client asked for. */
  present(object: KubernetesObject, isFirst: boolean): unknown;
}): void {
  const { response, store, type, namespace, list, watches } = options;
  const table = store.table(type.storageKind);
  const matches = createMatcher(type, list);
  const prefix = namespace ? `${namespace}/` : '';
  const start = findStart(store, list);

  let count = 0;
  const send = (kind: string, object: unknown) => {
    response.write(`${JSON.stringify({ type: kind, object })}\n`);
    if (response.writableLength > LARGEST_BACKLOG) {
      response.destroy();
    }
  };
  const sendObject = (kind: string, object: KubernetesObject) => {
    send(kind, options.present(fromStorage(type, object), count === 0));
    count += 1;
  };
  const selects = (object: KubernetesObject) =>
    matches(fromStorage(type, object));
  const sendEvent = (event: StoredEvent) => {
    if (!event.key.startsWith(prefix)) {
      return;
    }
    const is = event.type !== 'DELETED' && selects(event.object);
    const was = event.previous !== undefined && selects(event.previous);
    if (is) {
      sendObject(was ? 'MODIFIED' : 'ADDED', event.object);
    } else if (was) {
      sendObject('DELETED', lastState(event));
    }
  };
  const sendBookmark = (annotations?: Record<string, string>) =>
    send(
      'BOOKMARK',
      options.present(
        {
          kind: type.kind,
          apiVersion: formatApiVersion(type),
          metadata: {
            resourceVersion: String(store.revision),
            creationTimestamp: null as unknown as string,
            ...(annotations && { annotations }),
          },
        },
        count === 0,
      ),
    );

  response.writeHead(200, {
    'Content-Type': 'application/json',
    'Cache-Control': 'no-cache, private',
  });
  response.flushHeaders();

  const missed =
    start.revision === undefined ? [] : table.eventsSince(start.revision);
  if (!missed) {
    const { resourceVersion } = list;
    sendFailure(
      expired(
        `too old resource version: ${resourceVersion} (${store.revision})`,
      ),
    );
    response.end();
    return;
  }
  if (start.sendsState) {
    const { start: from, end: to } = table.range(prefix);
    for (const key of table.keys().slice(from, to)) {
      const object = table.get(key)!;
      if (selects(object)) {
        sendObject('ADDED', object);
      }
    }
  }
  missed.forEach(sendEvent);
  if (list.sendInitialEvents && list.allowWatchBookmarks) {
    sendBookmark({ 'k8s.io/initial-events-end': 'true' });
  }

  const stopListening = table.listen(sendEvent);
  const bookmarks = list.allowWatchBookmarks
    ? setInterval(sendBookmark, BOOKMARK_MS).unref()
    : undefined;
  const seconds = list.timeoutSeconds ?? LEAST_SECONDS * (1 + Math.random());
  const timer = setTimeout(() => {
    if (list.allowWatchBookmarks) {
      sendBookmark();
    }
    end();
  }, seconds * 1_000);
  timer.unref();
  const watch: Watch = {
    expire() {
      sendFailure(
        expired('The resourceVersion for the provided watch is too old.'),
      );
      end();
    },
    close: end,
  };
  watches.add(watch);
  response.on('close', stop);

  function sendFailure(error: StatusError): void {
    send('ERROR', error.toStatus());
  }
  function end(): void {
    stop();
    response.end();
  }
  function stop(): void {
    watches.delete(watch);
    stopListening();
    clearInterval(bookmarks);
    clearTimeout(timer);
  }
}

/** What a watch begins with: the state of now, or the changes after a revision. */
function findStart(
  store: ObjectStore,
  list: ListOptions,
): { readonly sendsState: boolean; readonly revision?: number } {
  const wanted = list.resourceVersion ? parseRevision(list.resourceVersion) : 0;
  if (wanted > store.revision) {
    throw tooLargeRevision(wanted, store.revision);
  }
  return wanted === 0 || list.sendInitialEvents
    ? { sendsState: true }
    : { sendsState: false, revision: wanted };
}

/** An object that is gone, or not selected any more, as it was, with the revision of the change. */
function lastState(event: StoredEvent): KubernetesObject {
  if (event.type === 'DELETED') {
    return event.object;
  }
  return {
    ...event.previous!,
    metadata: {
      ...event.previous!.metadata,
      resourceVersion: String(event.revision),
    },
  };
}
