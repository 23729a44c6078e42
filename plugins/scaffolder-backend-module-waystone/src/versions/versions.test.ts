import {
  createMockDirectory,
  mockErrorHandler,
  mockServices,
} from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import express from 'express';
import request from 'supertest';
import { createVersionsRouter } from './createVersionsRouter';
import { parseChangelog } from './parseChangelog';
import { TemplateVersionReader } from './TemplateVersionReader';

const CHANGELOG = `# Changes

Nothing of this is a change.

## 1.2.0

- Logs are JSON,
  each on a line.
- Node 24.

## v1.1.0 (2026-01-01)

* Metrics.

## 1.0.0

- The first one.
`;

describe('parseChangelog', () => {
  it('should read versions with their changes', () => {
    expect(parseChangelog(CHANGELOG)).toEqual([
      {
        version: '1.2.0',
        changes: ['Logs are JSON, each on a line.', 'Node 24.'],
      },
      { version: '1.1.0', changes: ['Metrics.'] },
      { version: '1.0.0', changes: ['The first one.'] },
    ]);
    expect(parseChangelog('')).toEqual([]);
  });
});

describe('the versions of a golden path', () => {
  const directory = createMockDirectory();
  const template = (name: string, location: string, version?: string) => ({
    apiVersion: 'scaffolder.backstage.io/v1beta3',
    kind: 'Template',
    metadata: {
      name,
      title: `The ${name}`,
      annotations: {
        'backstage.io/managed-by-location': location,
        ...(version && { 'waystone.dev/template-version': version }),
      },
    },
    spec: {},
  });

  const agent = () => {
    directory.setContent({ 'on-disk': { 'CHANGELOG.md': CHANGELOG } });
    const file = `file:${directory.path}/on-disk.yaml`;
    const reader = mockServices.urlReader.mock({
      readUrl: async url => {
        if (url !== 'https://git.example/a/remote/CHANGELOG.md') {
          throw Object.assign(new Error(url), { name: 'NotFoundError' });
        }
        return { buffer: async () => Buffer.from(CHANGELOG) };
      },
    });
    const catalog = catalogServiceMock({
      entities: [
        template('on-disk', file, '1.2.0'),
        template('remote', 'url:https://git.example/a/remote.yaml', '1.2.0'),
        template('silent', 'url:https://git.example/a/silent.yaml', '2.0.0'),
        template('without', file),
      ],
    });
    return request(
      express()
        .use(
          createVersionsRouter({
            httpAuth: mockServices.httpAuth(),
            versions: new TemplateVersionReader({ catalog, reader }),
          }),
        )
        .use(mockErrorHandler()),
    );
  };
  const read = (name: string, version: string) =>
    agent().get(`/golden-paths/versions/default/${name}?version=${version}`);

  it.each(['on-disk', 'remote'])(
    'should say what changed since a version: %s',
    async name => {
      const { body } = await read(name, '1.0.0').expect(200);
      expect(body).toMatchObject({
        templateRef: `template:default/${name}`,
        title: `The ${name}`,
        current: '1.2.0',
      });
      expect(
        body.newer.map((change: { version: string }) => change.version),
      ).toEqual(['1.2.0', '1.1.0']);
      expect((await read(name, '1.2.0')).body.newer).toEqual([]);
    },
  );

  it('should not guess about a version that the changelog does not have', async () => {
    expect((await read('on-disk', '0.9.0')).body).not.toHaveProperty('newer');
    expect((await read('silent', '1.0.0')).body).toEqual({
      templateRef: 'template:default/silent',
      title: 'The silent',
      current: '2.0.0',
    });
  });

  it('should refuse what it cannot answer', async () => {
    const missing = await read('missing', '1.0.0');
    const without = await read('without', '1.0.0');
    const unasked = await agent().get('/golden-paths/versions/default/remote');
    expect([missing, without, unasked].map(({ status }) => status)).toEqual([
      404, 404, 400,
    ]);
  });
});
