import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { checkConfig, checkConfigCached } from '../src/configCheck.mjs';
import { findMistakes, mergeConfigs, nearest } from '../src/configMistakes.mjs';
import { repo, temporaryFolder } from './helpers.mjs';

/** The schemas of the real packages; kept, as reading them takes seconds. */
const checkoutState = path.join(repo, '.waystone');

/** What every portal must set. */
const BASE = `
app: { baseUrl: http://localhost }
backend:
  baseUrl: http://localhost
  listen: ':7007'
  database: { client: pg, connection: { host: localhost } }
`;

async function check(t, text, env = {}) {
  const folder = temporaryFolder(t);
  const base = path.join(folder, 'app-config.yaml');
  const file = path.join(folder, 'app-config.local.yaml');
  fs.writeFileSync(base, BASE);
  fs.writeFileSync(file, text);
  const lines = await checkConfig(
    { repo, checkoutState },
    { files: [base, file], env: { PATH: process.env.PATH, ...env } },
  );
  return lines.map(line => line.replace(/^.*?(?=app-config\.)/, ''));
}

test('names the key, the file and what is expected', async t => {
  const lines = await check(
    t,
    [
      'app: { title: 12, baseUrl: http://localhost }',
      'backend:',
      '  databse: { client: pg }',
      '  baseUrl: http://localhost',
      '  listen: { port: true }',
      'catlog: {}',
    ].join('\n'),
  );
  for (const expected of [
    'app-config.local.yaml: app.title: expected string, found number',
    'app-config.local.yaml: backend.databse: unknown key; did you mean backend.database?',
    'app-config.local.yaml: backend.listen.port: expected string or number, found boolean',
    'app-config.local.yaml: catlog: unknown key; did you mean catalog?',
  ]) {
    assert.ok(lines.includes(expected), `${expected} in ${lines.join('\n')}`);
  }
});

test('names the variable that is not set', async t => {
  const text =
    'app: { baseUrl: "${MY_URL}", title: "${MY_TITLE:-Title}" } # ${IN_COMMENT}';
  assert.deepEqual(await check(t, text), [
    'app-config.local.yaml: the environment variable MY_URL is not set; set it, or give a default: ${MY_URL:-value}',
  ]);
  assert.deepEqual(await check(t, text, { MY_URL: 'http://localhost' }), []);
});

test('names the file that is no YAML', async t => {
  const [line] = await check(t, 'app: [');
  assert.match(line, /^app-config\.local\.yaml: cannot be read: /);
});

test('accepts numbers and booleans that come as text', async t => {
  const text = 'backend: { baseUrl: http://x, listen: { port: "${P}" } }';
  assert.deepEqual(await check(t, text, { P: '7007' }), []);
});

test('what has passed is not checked again, what changed is', async t => {
  const state = temporaryFolder(t);
  fs.mkdirSync(path.join(state, 'stamps'));
  const kept = 'stamps/config-schema.json';
  if (fs.existsSync(path.join(checkoutState, kept))) {
    fs.copyFileSync(path.join(checkoutState, kept), path.join(state, kept));
  }
  const file = path.join(state, 'app-config.yaml');
  const run = (env = {}) =>
    checkConfigCached({ repo, checkoutState: state }, { files: [file], env });
  fs.writeFileSync(file, `${BASE}organization: { name: "\${TITLE}" }`);
  await run({ TITLE: 'a' });
  const since = Date.now();
  await run({ TITLE: 'a' });
  assert.ok(Date.now() - since < 300, `${Date.now() - since} ms`);
  await assert.rejects(run(), error => {
    assert.match(error.message, /^The configuration has a mistake \(above\)/);
    assert.match(error.details, /TITLE is not set/);
    return true;
  });
  fs.writeFileSync(file, `${BASE}organization: { nmae: x }`);
  await assert.rejects(run(), /a mistake/);
});

test('a key is known when any schema knows it, also through alternatives and references', () => {
  const schemas = [
    {
      type: 'object',
      properties: {
        a: {
          anyOf: [
            { type: 'string' },
            { type: 'object', properties: { x: { $ref: '#/definitions/X' } } },
          ],
        },
      },
      definitions: { X: { type: 'object', properties: { deep: {} } } },
    },
    {
      type: 'object',
      properties: {
        a: {
          type: ['object', 'string'],
          properties: { y: { type: 'number' } },
        },
        free: { type: 'object' },
        map: { type: 'object', additionalProperties: { type: 'number' } },
        list: {
          type: 'array',
          items: { type: 'object', properties: { n: {} } },
        },
      },
      required: ['free'],
    },
    { type: 'object' },
  ];
  const mistakes = config =>
    findMistakes(schemas, config).map(
      ({ path: keys, text }) => `${keys.join('.')}: ${text}`,
    );
  assert.deepEqual(
    mistakes({
      a: { x: { deep: 1 }, y: '2' },
      free: { any: { thing: 1 } },
      map: { one: 1 },
      list: [{ n: 1 }],
    }),
    [],
  );
  assert.deepEqual(mistakes({ free: {}, a: 'text' }), []);
  assert.deepEqual(
    mistakes({
      a: { x: { dep: 1 }, z: 1 },
      map: { one: 'x' },
      list: [{ m: 1 }],
    }),
    [
      'a.x.dep: unknown key; did you mean a.x.deep?',
      'a.z: unknown key; did you mean a.x?',
      'map.one: expected number, found string',
      'list.0.m: unknown key; did you mean list.0.n?',
      'free: is missing',
    ],
  );
});

test('later configuration wins; objects are merged, lists are not', () => {
  assert.deepEqual(
    mergeConfigs([
      { a: { b: 1, c: [1, 2] }, d: 1 },
      { a: { c: [3] }, d: { e: 1 } },
    ]),
    { a: { b: 1, c: [3] }, d: { e: 1 } },
  );
  assert.equal(nearest('databse', ['database', 'auth']), 'database');
  assert.equal(nearest('zzzz', ['database', 'auth']), undefined);
});
