import type { Request, Response, Router } from 'express';
import {
  APPLICATION_SET_TYPE,
  APPLICATION_TYPE,
  sourcesOf,
} from '../ApplicationTypes';
import type { Application } from '../ApplicationTypes';
import { projectOf, sameRepository } from '../projects';
import { stableStringify } from '../rendering/Json';
import type { Json } from '../rendering/Json';
import { matchesSelector } from '../rendering/labelSelector';
import {
  findApplication,
  queryValue,
  queryValues,
  withResourceHealth,
} from './ApiContext';
import type { ApiContext } from './ApiContext';
import { sendError } from './answer';
import { resourceTree } from './resourceTree';
import { selectFields } from './selectFields';

/** How often a server-sent stream says that it is alive, in milliseconds. A plain one never does. */
const KEEP_ALIVE = 15_000;
/** How often a resource tree is looked at for changes, in milliseconds. */
const TREE_INTERVAL = 500;

/** Writes the messages of a stream in the one or the other form. @internal */
export class StreamWriter {
  readonly #request: Request;
  readonly #response: Response;
  readonly #events: boolean;
  #keepAlive?: NodeJS.Timeout;

  constructor(request: Request, response: Response) {
    this.#request = request;
    this.#response = response;
    this.#events = request.get('accept') === 'text/event-stream';
  }

  /** @param end - called when the client is gone */
  open(end: () => void) {
    this.#response.status(200);
    this.#response.setHeader(
      'Content-Type',
      this.#events ? 'text/event-stream' : 'application/json',
    );
    this.#response.flushHeaders();
    if (this.#events) {
      this.#keepAlive = setInterval(
        () => this.#response.write(':\n'),
        KEEP_ALIVE,
      );
      this.#keepAlive.unref();
    }
    this.#response.on('close', () => {
      clearInterval(this.#keepAlive);
      end();
    });
  }

  send(result: unknown) {
    const text = JSON.stringify(
      selectFields({ result } as unknown as Json, this.#request.query.fields),
    );
    this.#response.write(this.#events ? `data: ${text} \n\n\n` : `${text}\n`);
  }
}

/** The routes that go on sending. @internal */
export function addStreamRoutes(router: Router, api: ApiContext): void {
  router.get('/api/v1/stream/applications', (request, response) => {
    streamApplications(api, request, response);
  });

  router.get(
    '/api/v1/stream/applications/:name/resource-tree',
    (request, response) => {
      try {
        const address = {
          name: request.params.name,
          appNamespace: queryValue(request, 'appNamespace'),
          project: queryValue(request, 'project'),
        };
        findApplication(api, address);
        const writer = new StreamWriter(request, response);
        let last = '';
        const look = () => {
          const application = api.home.get({
            ...APPLICATION_TYPE,
            namespace: address.appNamespace || api.namespace,
            name: address.name,
          }) as Application | undefined;
          if (!application) {
            response.end();
            return;
          }
          const tree = resourceTree(
            api.controller,
            application,
            projectOf(api.home, application, api.namespace),
          );
          const text = stableStringify(tree);
          if (text !== last) {
            last = text;
            writer.send(tree);
          }
        };
        const timer = setInterval(look, TREE_INTERVAL);
        timer.unref();
        writer.open(() => clearInterval(timer));
        look();
      } catch (error) {
        sendError(response, error);
      }
    },
  );

  router.get('/api/v1/stream/applicationsets', (request, response) => {
    const writer = new StreamWriter(request, response);
    let unwatch = () => {};
    writer.open(() => unwatch());
    unwatch = api.home.watch(APPLICATION_SET_TYPE, ({ type, object }) =>
      writer.send({ type, applicationSet: object }),
    );
  });
}

/**
 * All Applications as ADDED, in order, then every change. With a `resourceVersion` and without a name the first part
 * is left out.
 */
function streamApplications(
  api: ApiContext,
  request: Request,
  response: Response,
) {
  const name = queryValue(request, 'name');
  const namespace = queryValue(request, 'appNamespace');
  const version = queryValue(request, 'resourceVersion');
  const selector = queryValue(request, 'selector');
  const repository = queryValue(request, 'repo');
  const projects = [
    ...queryValues(request, 'projects'),
    ...queryValues(request, 'project'),
  ];
  const least = /^\d+$/.test(version ?? '') ? BigInt(version!) : 0n;
  const fits = ({ metadata, spec }: Application) =>
    (!name ||
      (metadata.name === name &&
        metadata.namespace === (namespace || api.namespace))) &&
    (!namespace || metadata.namespace === namespace) &&
    (projects.length === 0 || projects.includes(spec.project || 'default')) &&
    matchesSelector(selector, metadata.labels) &&
    (!repository ||
      sourcesOf(spec).some(({ repoURL }) =>
        sameRepository(repoURL, repository),
      ));

  const writer = new StreamWriter(request, response);
  let unwatch = () => {};
  let first: Map<string, Application> | undefined = new Map();
  const send = (type: string, application: Application) => {
    if (
      fits(application) &&
      BigInt(application.metadata.resourceVersion ?? 0) >= least
    ) {
      writer.send({ type, application: withResourceHealth(api, application) });
    }
  };
  writer.open(() => unwatch());
  unwatch = api.home.watch(APPLICATION_TYPE, ({ type, object }) => {
    if (!first) {
      send(type, object as Application);
    } else if (type === 'DELETED') {
      first.delete(object.metadata.uid ?? '');
    } else {
      first.set(object.metadata.uid ?? '', object as Application);
    }
  });
  // The watch tells of what is there in the microtasks that follow.
  setImmediate(() => {
    const applications = [...(first?.values() ?? [])];
    first = undefined;
    if (version === undefined || name !== undefined) {
      applications
        .sort((a, b) => compare(qualified(a), qualified(b)))
        .forEach(application => send('ADDED', application));
    }
  });
}

function qualified({ metadata }: Application): string {
  return `${metadata.namespace}/${metadata.name}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
