import {
  mockCredentials,
  mockErrorHandler,
  mockServices,
} from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { standardActions } from '@waystone/plugin-golden-paths-common';
import express from 'express';
import request from 'supertest';
import { createTemplateGuard } from './createTemplateGuard';

const SPECS = {
  good: {
    parameters: [
      {
        properties: {
          name: { type: 'string', pattern: '^[a-z]+$' },
          description: { type: 'string' },
        },
      },
    ],
    steps: [{ action: 'fetch:template', input: { url: './skeleton' } }],
  },
  regex: {
    parameters: { properties: { name: { pattern: '^(a+)+$' } } },
    steps: [],
  },
  filter: {
    steps: [
      {
        action: 'debug:log',
        input: { message: '${{ parameters.a | explode }}' },
      },
    ],
  },
  action: { steps: [{ action: 'shell:run' }] },
  path: {
    steps: [
      { action: 'fetch:plain', input: { url: './a', targetPath: '../../b' } },
    ],
  },
  loop: {
    steps: [
      {
        action: 'debug:log',
        input: { message: '{% for i in range(0, 1e9) %}x{% endfor %}' },
      },
    ],
  },
};

describe('the guard of templates', () => {
  const received = jest.fn();
  const templateOf = (name: keyof typeof SPECS) => ({
    apiVersion: 'scaffolder.backstage.io/v1beta3',
    kind: 'Template',
    metadata: { name },
    spec: SPECS[name],
  });
  const app = express()
    .use(
      createTemplateGuard({
        catalog: catalogServiceMock({
          entities: (Object.keys(SPECS) as (keyof typeof SPECS)[]).map(
            templateOf,
          ),
        }),
        httpAuth: mockServices.httpAuth(),
        lint: { actions: standardActions },
      }),
    )
    .use(express.json())
    .use((req, res) => {
      received(req.body);
      res.json({ id: 'a-task' });
    })
    .use(mockErrorHandler());
  const post = (path: string, body: object) =>
    request(app)
      .post(path)
      .set('Authorization', mockCredentials.user.header())
      .send(body);

  beforeEach(() => received.mockClear());

  it.each([
    ['regex', 'spec.parameters.properties.name.pattern'],
    ['filter', "There is no filter 'explode'"],
    ['action', "The action 'shell:run' is not allowed"],
    ['path', "'../../b' leads out of the workspace"],
    ['loop', 'rounds'],
  ] as const)(
    'starts none with a bad %s, and tries none',
    async (name, why) => {
      const bodies = {
        '/v2/tasks': { templateRef: `template:default/${name}`, values: {} },
        '//V2/tasks/': { templateRef: `Template:${name}`, values: {} },
        '/v2/%74asks': { templateRef: name, values: {} },
        '/v2/dry-run': { template: templateOf(name), values: {} },
      };
      for (const [path, body] of Object.entries(bodies)) {
        const response = await post(path, body);
        expect([path, response.status]).toEqual([path, 400]);
        expect(response.body.error.message).toContain(why);
      }
      expect(received).not.toHaveBeenCalled();
    },
  );

  it('hands on what is fine, and what is not its business', async () => {
    const body = {
      templateRef: 'template:default/good',
      values: { name: 'a'.repeat(500), description: 'b'.repeat(50_000) },
    };
    expect((await post('/v2/tasks', body)).status).toBe(200);
    expect(received).toHaveBeenLastCalledWith(body);
    for (const [path, other] of [
      ['/v2/dry-run', { template: templateOf('good'), values: {} }],
      ['/v2/tasks', { templateRef: 'template:default/unknown', values: {} }],
      ['/v2/tasks', { no: 'task' }],
      ['/v2/tasks/1/cancel', { templateRef: 'template:default/regex' }],
    ] as const) {
      expect((await post(path, other)).status).toBe(200);
      expect(received).toHaveBeenLastCalledWith(other);
    }
  });

  it('takes no values that regular expressions would take long for', async () => {
    for (const values of [
      { name: 'a'.repeat(501) },
      { list: [{ name: 'a'.repeat(501) }] },
    ]) {
      const response = await post('/v2/tasks', {
        templateRef: 'template:default/good',
        values,
      });
      expect([response.status, response.body.error.message]).toEqual([
        400,
        "The value of 'name' is longer than 500 characters",
      ]);
    }
    const large = await post('/v2/tasks', {
      templateRef: 'template:default/good',
      values: { description: 'x'.repeat(1_100_000) },
    });
    expect(large.status).toBe(413);
    const wrong = await post('/v2/tasks', {
      templateRef: 'a:b/',
      values: {},
    });
    expect(wrong.status).toBe(400);
    expect(received).not.toHaveBeenCalled();
  });
});
