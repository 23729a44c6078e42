import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { describe, it } from 'node:test';
import pino from 'pino';
import { runJob } from '../src/runJob.ts';
import { work } from '../src/work.ts';

describe('${{ values.name }}', () => {
  const run = async (job: typeof work, signal = new AbortController().signal) => {
    const lines: { msg: string; handled?: number; err?: { message: string } }[] = [];
    const log = pino(
      new Writable({
        write: (chunk, _encoding, done) => {
          lines.push(JSON.parse(String(chunk)));
          done();
        },
      }),
    );
    return { code: await runJob(job, { log, signal }), last: lines.at(-1) };
  };

  it('does its work, and says how much', async () => {
    const { code, last } = await run(work);
    assert.equal(code, 0);
    assert.equal(last?.msg, 'Done');
    assert.equal(last?.handled, 3);
  });

  it('fails when the work does, with the reason in the log', async () => {
    const { code, last } = await run(async () => {
      throw new Error('The table is locked');
    });
    assert.equal(code, 1);
    assert.equal(last?.err?.message, 'The table is locked');
  });

  it('can be stopped', async () => {
    const { code, last } = await run(work, AbortSignal.abort(new Error('Stopped by SIGTERM')));
    assert.equal(code, 1);
    assert.equal(last?.err?.message, 'Stopped by SIGTERM');
  });
});
