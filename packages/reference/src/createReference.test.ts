import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createReference } from './createReference';
import { renderConfiguration } from './configuration/renderConfiguration';
import { renderContracts } from './api/renderContracts';

const repository = resolve(__dirname, '../../..');

describe('createReference', () => {
  it('writes what is in docs/reference; npm run docs:generate brings it up to date', async () => {
    const pages = await createReference(repository);
    expect([...pages.keys()]).toEqual(
      expect.arrayContaining([
        'docs/reference/configuration.md',
        'docs/reference/api/index.md',
        'docs/reference/api/techdocs-native.md',
      ]),
    );
    const old: string[] = [];
    for (const [path, text] of pages) {
      const committed = await readFile(join(repository, path), 'utf8').catch(
        () => undefined,
      );
      if (committed !== text) old.push(path);
    }
    expect(old).toEqual([]);
    // The sources of all contracts are compiled
  }, 60_000);
});

describe('renderConfiguration', () => {
  it('names keys of lists, of free names and of variants, and who sees them', () => {
    const page = renderConfiguration([
      {
        name: '@waystone/example',
        folder: 'packages/example',
        schema: {
          type: 'object',
          properties: {
            example: {
              type: 'object',
              properties: {
                hosts: {
                  type: 'array',
                  items: {
                    type: 'object',
                    required: ['token'],
                    properties: {
                      token: {
                        type: 'string',
                        visibility: 'secret',
                        description: 'One | two',
                      },
                    },
                  },
                },
                mode: { enum: ['a', 'b'], default: 'a' },
                labels: {
                  type: 'object',
                  deepVisibility: 'frontend',
                  additionalProperties: { type: 'string' },
                },
              },
            },
          },
        },
      },
    ]);
    expect(page).toContain(
      '| `example.hosts[].token` | string, required, secret | One \\| two |',
    );
    expect(page).toContain('| `example.mode` | `a`, `b` | Default: `"a"` |');
    expect(page).toContain(
      '| `example.labels.<name>` | string, seen by browsers |  |',
    );
  });
});

describe('renderContracts', () => {
  it('links a schema that is part of another, and says what is optional', () => {
    const part = {
      type: 'object',
      properties: { name: { type: 'string' } },
      required: ['name'],
    };
    const comments = { text: '', properties: { parts: 'What it has.' } };
    const [, [file, page]] = renderContracts([
      {
        name: '@waystone/plugin-example-common',
        folder: 'plugins/example-common',
        description: 'An example.',
        routes: [],
        openApi: ['/api/example/openapi.json'],
        schemas: [
          { name: 'partSchema', json: part, comments },
          {
            name: 'wholeSchema',
            json: {
              type: 'object',
              properties: { parts: { type: 'array', items: part } },
            },
            comments,
          },
        ],
      },
    ]);
    expect(file).toBe('api/example.md');
    expect(page).toContain('`GET /api/example/openapi.json`');
    expect(page).toContain(
      '| `parts` | list of [partSchema](#partschema), optional | What it has. |',
    );
  });
});
