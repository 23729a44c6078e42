import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { resolvePackagePath } from '@backstage/backend-plugin-api';
import createKnex from 'knex';
import type { Knex } from 'knex';

/** A PostgreSQL that goes when it is stopped. */
export async function startPostgres(): Promise<{
  url: string;
  stop(): Promise<void>;
}> {
  const root = resolvePackagePath(
    '@waystone/plugin-catalog-backend-module-waystone',
    '../..',
  );
  const child = spawn(
    process.execPath,
    [resolve(root, 'packages/launcher/bin/waystone-run.mjs'), 'postgres'],
    { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const exited = new Promise<void>(done => child.once('exit', () => done()));
  const url = await new Promise<string>((found, failed) => {
    let text = '';
    child.stdout.setEncoding('utf8').on('data', chunk => {
      text += chunk;
      const [match] = /postgres(?:ql)?:\/\/\S+(?=\s)/.exec(text) ?? [];
      if (match) {
        found(match);
      }
    });
    void exited.then(() => failed(new Error(`No PostgreSQL: ${text}`)));
  });
  return {
    url,
    stop: async () => {
      child.kill('SIGINT');
      await exited;
    },
  };
}

/** A database of a server, made if it is not there. */
export async function openDatabase(
  url: string,
  name: string,
): Promise<{ knex: Knex; close(): Promise<void> }> {
  const admin = createKnex({ client: 'pg', connection: url });
  const { rows } = await admin.raw(
    'select 1 from pg_database where datname = ?',
    [name],
  );
  if (rows.length === 0) {
    await admin.raw('create database ??', [name]);
  }
  await admin.destroy();
  const own = new URL(url);
  own.pathname = `/${name}`;
  const knex = createKnex({
    client: 'pg',
    connection: own.href,
    pool: { min: 0, max: 6 },
  });
  return { knex, close: () => knex.destroy() };
}

/** The catalog's own tables. */
export async function migrateCatalog(knex: Knex): Promise<void> {
  await knex.migrate.latest({
    directory: resolvePackagePath(
      '@backstage/plugin-catalog-backend',
      'migrations',
    ),
  });
}
