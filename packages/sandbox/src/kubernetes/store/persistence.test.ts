import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKubernetesCluster } from '../createKubernetesCluster';

const MAP = { apiVersion: 'v1', kind: 'ConfigMap' };

describe('persistence', () => {
  let stateFolder: string;
  const open = (log: string[] = []) =>
    createKubernetesCluster({
      name: 'test',
      stateFolder,
      log: message => log.push(message),
    });
  const file = () => join(stateFolder, 'kubernetes', 'test', 'objects.jsonl');

  beforeEach(async () => {
    stateFolder = await mkdtemp(join(tmpdir(), 'kubernetes-'));
  });
  afterEach(async () => {
    await rm(stateFolder, { recursive: true, force: true });
  });

  it('should bring everything back, with versions that go on growing', async () => {
    const first = open();
    first.create({ ...MAP, metadata: { name: 'kept' }, data: { a: '1' } });
    first.create({ ...MAP, metadata: { name: 'removed' } });
    first.delete({ ...MAP, name: 'removed' });
    const kept = first.patch({ ...MAP, name: 'kept' }, { data: { a: '2' } });
    await first.close();

    const second = open();
    expect(second.get({ ...MAP, name: 'kept' })).toEqual(kept);
    expect(second.get({ ...MAP, name: 'removed' })).toBeUndefined();
    const next = second.create({ ...MAP, metadata: { name: 'next' } });
    expect(Number(next.metadata.resourceVersion)).toBeGreaterThan(
      Number(kept.metadata.resourceVersion),
    );
    await second.close();
  });

  it('should remember changes of the definitions that it starts with', async () => {
    const definition = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      name: 'canaries.flagger.app',
    };
    const canary = { apiVersion: 'flagger.app/v1beta1', kind: 'Canary' };
    const first = open();
    expect(first.serves(canary)).toBe(true);
    first.delete(definition);
    expect(first.serves(canary)).toBe(false);
    await first.close();
    const second = open();
    expect(second.serves(canary)).toBe(false);
    await second.close();
  });

  it('should write the file anew once most of it is superseded', async () => {
    const first = open();
    first.create({ ...MAP, metadata: { name: 'busy' } });
    for (let count = 0; count < 3_000; count += 1) {
      first.patch({ ...MAP, name: 'busy' }, { data: { a: String(count) } });
    }
    await first.close();
    const lines = (await readFile(file(), 'utf8')).trim().split('\n');
    expect(lines.length).toBeLessThan(200);
    const second = open();
    expect(second.get({ ...MAP, name: 'busy' })?.data).toEqual({ a: '2999' });
    await second.close();
  });

  it('should drop a line that was cut off, and say so', async () => {
    const first = open();
    first.create({ ...MAP, metadata: { name: 'kept' } });
    await first.close();
    await appendFile(file(), '{"revision":99,"kind":"/ConfigM');
    const log: string[] = [];
    const second = open(log);
    expect(second.get({ ...MAP, name: 'kept' })).toBeDefined();
    expect(log).toEqual([
      `${file()} ends in the middle of a line, which is dropped.`,
    ]);
    await second.close();
  });

  it('should name a damaged file', async () => {
    const first = open();
    await first.close();
    const text = await readFile(file(), 'utf8');
    await writeFile(file(), text.replace('{"revision"', '{"rev'));
    expect(() => open()).toThrow(`line 1 of ${file()} is damaged`);
  });
});
