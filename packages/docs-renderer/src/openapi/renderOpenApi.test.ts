import { renderMarkdown } from '../__testUtils__/renderMarkdown';
import { temporaryFolders } from '../__testUtils__/temporaryFolder';

const folderOf = temporaryFolders();

const ORDERS = `
openapi: 3.1.0
info: {title: Orders, version: 1.2.0, description: "All of it\\n\\nAnd more"}
paths:
  /orders/{id}:
    parameters:
      - {name: id, in: path, required: true, schema: {type: string, format: uuid}}
    get:
      tags: [Reading]
      summary: One order
      parameters:
        - $ref: '#/components/parameters/Fields'
      responses:
        '200': {description: Here it is, content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}
        '404': {description: None}
    put:
      deprecated: true
      requestBody:
        content:
          application/json:
            schema: {type: object, required: [items], properties: {items: {type: array, items: {properties: {sku: {type: string}}}}}}
components:
  parameters:
    Fields: {name: fields, in: query, schema: {type: array, items: {enum: [id, state]}}}
  schemas:
    Order:
      required: [state]
      properties:
        state: {type: string, description: Where it is}
        next: {$ref: '#/components/schemas/Order'}
`;

async function render(page: string, files: Readonly<Record<string, string>>) {
  const root = await folderOf({ 'docs/index.md': '', ...files });
  return renderMarkdown(page, { root, path: 'api/index.md' });
}

const textOf = (html: string) =>
  html
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();

describe('OpenAPI in pages', () => {
  it.each([
    '<swagger-ui src="orders.yaml"/>',
    "<swagger-ui src='./orders.yaml' ></swagger-ui>",
    '<swagger-ui docExpansion="none" src=orders.yaml />',
    '!!swagger orders.yaml!!',
  ])('is part of the page: %s', async element => {
    const { html, problems } = await render(`# API\n\n${element}\n\nAfter\n`, {
      'docs/api/orders.yaml': ORDERS,
    });
    expect(problems).toEqual([]);
    expect(textOf(html)).toBe(
      'API Orders 1.2.0 All of it And more Reading ' +
        'GET /orders/{id} One order Parameter In Type Required Description ' +
        'id path string (uuid) yes fields query array of id state no ' +
        'Answer Type Description 200 Order Here it is 404 None ' +
        'Other PUT /orders/{id} (deprecated) Parameter In Type Required Description ' +
        'id path string (uuid) yes Request body application/json ' +
        'Property Type Required Description items array of object yes items[].sku string no ' +
        'Schemas Order Property Type Required Description ' +
        'state string yes Where it is next Order no After',
    );
    expect(html).toContain('<a href="#schema-Order">Order</a>');
    expect(html).toContain('<details id="schema-Order">');
  });

  it('is read by tag: operations with their parameters, and schemas that open', async () => {
    const operation = (tag: string, summary: string) =>
      `{tags: [${tag}], summary: ${summary}, parameters: [{name: limit, in: query, schema: {type: integer}}]}`;
    const { html } = await render('# API\n\n!!swagger shop.yaml!!\n', {
      'docs/api/shop.yaml': `
openapi: 3.0.3
info: {title: Shop, version: '1'}
tags: [{name: Orders}, {name: Stock}]
paths:
  /orders: {get: ${operation('Orders', 'List')}, post: ${operation(
        'Orders',
        'Place',
      )}}
  /stock: {get: ${operation('Stock', 'Count')}}
  /health: {get: {summary: Is it up}}
  /orders/late: {get: ${operation('Orders', 'Late')}}
components:
  schemas:
    Order: {properties: {id: {type: string}}}
    Item: {properties: {sku: {type: string}}}
`,
    });
    const outline = [
      ...html.matchAll(/<(h[1-6]|summary|p)[^>]*>(.*?)<\/\1>/gs),
    ].map(([, tag, inner]) => `${tag} ${textOf(inner)}`);
    expect(outline).toEqual([
      'h1 API',
      'p Shop 1',
      'p Orders',
      'summary GET /orders List',
      'summary POST /orders Place',
      'summary GET /orders/late Late',
      'p Stock',
      'summary GET /stock Count',
      'p Other',
      'summary GET /health Is it up',
      'p Schemas',
      'summary Order',
      'summary Item',
    ]);
    expect(html.match(/<th[^>]*>Parameter<\/th>/g)).toHaveLength(4);
    expect(html.match(/<details/g)).toHaveLength(7);
    expect(html.match(/<\/details>/g)).toHaveLength(7);
    expect(html).not.toContain('<details open');
  });

  it('Swagger 2 and JSON are read as well', async () => {
    const { html } = await render('!!swagger old.json!!', {
      'docs/api/old.json': JSON.stringify({
        swagger: '2.0',
        info: { title: 'Old', version: 1 },
        paths: {
          '/a': {
            post: {
              parameters: [
                { name: 'b', in: 'body', schema: { $ref: '#/definitions/B' } },
                { name: 'q', in: 'query', type: 'integer' },
              ],
              responses: { 200: { schema: { type: 'string' } } },
            },
          },
        },
        definitions: { B: { properties: { c: { type: 'boolean' } } } },
      }),
    });
    expect(textOf(html)).toBe(
      'Old 1 POST /a Parameter In Type Required Description q query integer no ' +
        'Request body B Answer Type Description 200 string ' +
        'Schemas B Property Type Required Description c boolean no',
    );
  });

  it('says what cannot be shown, and reads nothing outside of the docs folder', async () => {
    for (const [source, code] of [
      ['none.yaml', 'snippet-missing'],
      ['../../secret.yaml', 'snippet-missing'],
      ['/etc/passwd', 'snippet-missing'],
      ['bad.yaml', 'openapi-invalid'],
      ['other.yaml', 'openapi-invalid'],
      ['laughs.yaml', 'openapi-invalid'],
    ]) {
      const { html, problems } = await render(
        `a\n\n<swagger-ui src="${source}"/>`,
        {
          'secret.yaml': ORDERS,
          'docs/api/bad.yaml': 'a: "b\n',
          'docs/api/other.yaml': 'a: b\n',
          'docs/api/laughs.yaml': `${Array.from(
            { length: 20 },
            (_, index) =>
              `a${index}: &a${index} [${
                index === 0 ? 'x' : `*a${index - 1}, `.repeat(9)
              }]\n`,
          ).join('')}openapi: *a19\n`,
        },
      );
      expect(problems).toMatchObject([{ code, line: 3 }]);
      expect(html).toContain(`<code>${source}</code>`);
      expect(html).not.toContain('Orders');
    }
  });

  it('asks nobody for a description that is elsewhere', async () => {
    const { html } = await render(
      '!!swagger-http https://petstore.example/openapi.json!!',
      {},
    );
    expect(html).toBe(
      '<p><a href="https://petstore.example/openapi.json">https://petstore.example/openapi.json</a></p>\n',
    );
  });

  it('texts of a description are text, and circles end', async () => {
    const evil = '<img src=x onerror=alert(1)>"\'';
    const { html } = await render('!!swagger evil.json!!', {
      'docs/api/evil.json': JSON.stringify({
        openapi: evil,
        info: { title: evil, version: evil, description: evil },
        paths: {
          [evil]: {
            get: {
              tags: [evil],
              summary: evil,
              parameters: [
                { name: evil, in: evil, schema: { type: evil, format: evil } },
                { $ref: '#/loop' },
                { $ref: 'file:///etc/passwd' },
              ],
              responses: { [evil]: { description: evil } },
            },
          },
        },
        loop: { $ref: '#/loop' },
        components: {
          schemas: {
            [evil]: { properties: { [evil]: { enum: [evil] } } },
            Self: { allOf: [{ $ref: '#/components/schemas/Self' }] },
          },
        },
      }),
    });
    expect(html).not.toMatch(/<img|onerror=alert\(1\)"/);
    expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;');
  });
});
