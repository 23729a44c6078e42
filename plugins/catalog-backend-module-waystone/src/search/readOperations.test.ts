import { readOperations } from './readOperations';
import { readExamples } from './testUtils/readExamples';

const names = (type: string, definition: string) =>
  readOperations(type, definition).map(({ name }) => name);

describe('operations of an API', () => {
  it('are read from every definition of the example organisation', () => {
    const apis = readExamples().filter(({ kind }) => kind === 'API');
    expect(apis.length).toBeGreaterThan(10);
    for (const { metadata, spec } of apis) {
      expect([
        metadata.name,
        readOperations(String(spec?.type), String(spec?.definition)).length,
      ]).toEqual([metadata.name, expect.any(Number)]);
      expect(
        readOperations(String(spec?.type), String(spec?.definition)),
      ).not.toHaveLength(0);
    }
  });

  it('of OpenAPI are its methods, with what people look for besides', () => {
    const definition = `
openapi: 3.1.0
paths:
  /orders:
    parameters: []
    get: { operationId: listOrders, summary: All orders }
    post: broken
  /empty: null`;
    expect(readOperations('openapi', definition)).toEqual([
      {
        name: 'GET /orders',
        short: '/orders',
        summary: 'All orders',
        words: ['listOrders'],
      },
      { name: 'POST /orders', short: '/orders', summary: undefined, words: [] },
    ]);
  });

  it('of AsyncAPI are its channels, in both versions', () => {
    expect(
      readOperations(
        'asyncapi',
        JSON.stringify({
          asyncapi: '3.0.0',
          channels: {
            events: { address: 'order-events', messages: { OrderPlaced: {} } },
          },
          operations: {
            publishEvents: { channel: { $ref: '#/channels/events' } },
            other: { channel: { $ref: '#/channels/events-dead' } },
          },
        }),
      ),
    ).toEqual([
      {
        name: 'channel order-events',
        short: 'order-events',
        summary: undefined,
        words: ['events', 'OrderPlaced', 'publishEvents'],
      },
    ]);
    expect(
      readOperations(
        'asyncapi',
        'channels: { a/b: { subscribe: { operationId: onA } } }',
      ),
    ).toMatchObject([{ name: 'channel a/b', words: ['a/b', 'onA'] }]);
  });

  it('of GraphQL are the fields of its roots, whatever these are called', () => {
    expect(
      names(
        'graphql',
        `schema { query: Root mutation: Mutation }
         type Root { product(sku: ID!): String }
         extend type Root { me: String }
         type Mutation { buy: Boolean }
         type Other { hidden: String }`,
      ),
    ).toEqual(['query product', 'query me', 'mutation buy']);
  });

  it('of gRPC are its calls', () => {
    expect(
      readOperations(
        'grpc',
        `service Identity {
           // Checks a password.
           rpc SignIn(SignInRequest) returns (Session);
           rpc SignOut (X) returns (Y) {}
         }`,
      ),
    ).toEqual([
      {
        name: 'rpc SignIn',
        short: 'SignIn',
        summary: 'Checks a password.',
        words: ['Identity'],
      },
      {
        name: 'rpc SignOut',
        short: 'SignOut',
        summary: undefined,
        words: ['Identity'],
      },
    ]);
  });

  it.each([
    ['openapi', ''],
    ['openapi', 'a: [1, 2'],
    ['openapi', '{"paths": []}'],
    ['openapi', '[]'],
    ['openapi', `paths:\n${'  /x: {}\n'.repeat(40_000)}`],
    [
      'openapi',
      `a: &a [x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c]\npaths: *d`,
    ],
    ['graphql', 'type {'],
    ['graphql', '{'.repeat(200_000)],
    ['grpc', 'rpc;'.repeat(200_000)],
    ['unheard-of', 'x'],
  ])('of a definition that cannot be read are none: %s', (type, definition) => {
    expect(readOperations(type, definition)).toEqual([]);
  });

  it('are bounded', () => {
    const paths = Object.fromEntries(
      Array.from({ length: 5_000 }, (_, index) => [`/${index}`, { get: {} }]),
    );
    expect(readOperations('openapi', JSON.stringify({ paths }))).toHaveLength(
      1_000,
    );
  });
});
