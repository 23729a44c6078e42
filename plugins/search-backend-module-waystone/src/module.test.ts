import {
  mockCredentials,
  mockErrorHandler,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import {
  createBackendModule,
  createBackendPlugin,
  coreServices,
} from '@backstage/backend-plugin-api';
import { searchIndexRegistryExtensionPoint } from '@backstage/plugin-search-backend-node/alpha';
import searchPlugin from '@backstage/plugin-search-backend';
import type {
  SearchDocumentsInput,
  SearchResponse,
} from '@waystone/plugin-search-common';
import express from 'express';
import { Readable } from 'node:stream';
import request from 'supertest';
import { searchModuleWaystone } from './module';

jest.setTimeout(60_000);

/** Stands for the catalog: keeps what it is asked and handed, and answers with what it is told to. */
function createCatalog() {
  const asked: { query: object; actor: unknown }[] = [];
  const handed: (SearchDocumentsInput & { type: string; actor: unknown })[] =
    [];
  let answer: SearchResponse = {
    items: [],
    totalItems: 0,
    more: false,
    pageInfo: {},
  };
  const plugin = createBackendPlugin({
    pluginId: 'catalog',
    register(reg) {
      reg.registerInit({
        deps: {
          router: coreServices.httpRouter,
          httpAuth: coreServices.httpAuth,
        },
        async init({ router, httpAuth }) {
          const app = express();
          app.use(express.json({ limit: '32mb' }));
          app.get('/waystone/search', async (req, res) => {
            const { principal } = await httpAuth.credentials(req);
            asked.push({ query: req.query, actor: principal });
            res.json(answer);
          });
          app.post('/waystone/search/documents/:type', async (req, res) => {
            const { principal } = await httpAuth.credentials(req);
            handed.push({
              ...req.body,
              type: req.params.type,
              actor: principal,
            });
            res.status(204).end();
          });
          app.use(mockErrorHandler());
          router.use(app);
        },
      });
    },
  });
  return {
    asked,
    handed,
    plugin,
    setAnswer: (next: SearchResponse) => {
      answer = next;
    },
  };
}

/** A collator of docs, as another plugin has it. */
const docs = createBackendModule({
  pluginId: 'search',
  moduleId: 'docs',
  register(reg) {
    reg.registerInit({
      deps: { collators: searchIndexRegistryExtensionPoint },
      async init({ collators }) {
        collators.addCollator({
          schedule: {
            run: async ({ fn }) => fn(new AbortController().signal),
          },
          factory: {
            type: 'techdocs',
            getCollator: async () =>
              Readable.from(
                Array.from({ length: 201 }, (_, index) => ({
                  title: `Section ${index}`,
                  text: 'Words',
                  location: `/docs/default/component/shop/#${index}`,
                  kind: 'component',
                  namespace: 'default',
                  name: 'shop',
                  authorization: { resourceRef: 'component:default/shop' },
                })),
              ),
          },
        });
      },
    });
  },
});

describe('the search engine', () => {
  const start = async () => {
    const catalog = createCatalog();
    const { server } = await startTestBackend({
      features: [
        searchPlugin,
        searchModuleWaystone,
        docs,
        catalog.plugin,
        mockServices.rootConfig.factory({
          data: { backend: { baseUrl: 'http://localhost' } },
        }),
      ],
    });
    const query = (parameters: string) =>
      request(server)
        .get(`/api/search/query?${parameters}`)
        .set('authorization', mockCredentials.user.header());
    return { catalog, query };
  };

  it('answers Backstage from the index, for the person who asks', async () => {
    const { catalog, query } = await start();
    catalog.setAnswer({
      items: [
        {
          id: 'component:default/order-service',
          type: 'entity',
          kind: 'component',
          group: 'services',
          title: 'order-service',
          detail: 'Takes <b>orders</b>',
          location: '/catalog/default/component/order-service',
          entityRef: 'component:default/order-service',
          owner: 'group:default/orders',
          specType: 'service',
          lifecycle: 'production',
        },
      ],
      totalItems: 26,
      more: false,
      pageInfo: { nextCursor: '26' },
    });
    const response = await query(
      'term=order-serv&types[0]=software-catalog&filters[kind]=Component&filters[owner]=orders&pageCursor=25',
    );
    expect(response.status).toBe(200);
    expect(catalog.asked).toEqual([
      {
        query: {
          q: 'order-serv',
          entityKind: 'Component',
          owner: 'group:default/orders',
          types: 'entity,operation',
          cursor: '25',
          limit: '25',
        },
        actor: expect.objectContaining({
          type: 'user',
          userEntityRef: 'user:default/mock',
        }),
      },
    ]);
    expect(response.body).toEqual({
      results: [
        {
          type: 'software-catalog',
          rank: 26,
          document: {
            title: 'order-service',
            text: 'Takes <b>orders</b>',
            location: '/catalog/default/component/order-service',
            kind: 'component',
            namespace: 'default',
            name: 'order-service',
            componentType: 'service',
            type: 'service',
            lifecycle: 'production',
            owner: 'group:default/orders',
          },
          highlight: {
            preTag: '<waystone-match>',
            postTag: '</waystone-match>',
            fields: {
              title: '<waystone-match>order-serv</waystone-match>ice',
              text: 'Takes <b><waystone-match>order</waystone-match>s</b>',
            },
          },
        },
      ],
      nextPageCursor: '26',
      previousPageCursor: '0',
      numberOfResults: 26,
    });
  });

  it('finds nothing by a field that no document has, without asking', async () => {
    const { catalog, query } = await start();
    const { body } = await query('term=x&filters[colour]=red');
    expect(body.results).toEqual([]);
    expect(catalog.asked).toEqual([]);
  });

  it('hands documents of collators to the index as the search plugin', async () => {
    const { catalog } = await start();
    const deadline = Date.now() + 30_000;
    while (!catalog.handed.some(({ last }) => last) && Date.now() < deadline) {
      await new Promise(resolve => setTimeout(resolve, 50));
    }
    expect(
      catalog.handed.map(({ type, documents, last }) => [
        type,
        documents.length,
        last,
      ]),
    ).toEqual([
      ['docs', 200, false],
      ['docs', 1, false],
      ['docs', 0, true],
    ]);
    expect(new Set(catalog.handed.map(({ run }) => run)).size).toBe(1);
    expect(catalog.handed[0].actor).toMatchObject({
      type: 'service',
      subject: 'plugin:search',
    });
    expect(catalog.handed[0].documents[0]).toEqual({
      title: 'Section 0',
      text: 'Words',
      location: '/docs/default/component/shop/#0',
      entityRef: 'component:default/shop',
      detail: 'shop',
    });
  });
});
