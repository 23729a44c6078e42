import { BuildQueue } from './BuildQueue';

const settled = () => new Promise(resolve => setTimeout(resolve, 20));

/** Builds that end when they are told to. */
function controlled(options: { readonly atOnce?: number } = {}) {
  const started: string[] = [];
  const ends = new Map<string, () => void>();
  const queue = new BuildQueue({
    settleMilliseconds: 0,
    ...options,
    build: entityRef =>
      new Promise((resolve, reject) => {
        started.push(entityRef);
        ends.set(entityRef, () =>
          entityRef === 'broken' ? reject(new Error('broken')) : resolve(),
        );
      }),
  });
  const end = async (entityRef: string) => {
    ends.get(entityRef)!();
    await settled();
  };
  return { end, queue, started };
}

describe('BuildQueue', () => {
  it('builds what has changed before what is only looked at, and no more at once than it may', async () => {
    const { end, queue, started } = controlled({ atOnce: 1 });
    queue.look(['a', 'b', 'c']);
    queue.changed('c');
    queue.changed('d');
    await settled();
    expect(started).toEqual(['a']);
    await end('a');
    await end('c');
    await end('d');
    await end('b');
    expect(started).toEqual(['a', 'c', 'd', 'b']);
    await queue.idle();
  });

  it('builds an entity once for many changes, and again for one during its build', async () => {
    const { end, queue, started } = controlled();
    for (let count = 0; count < 20; count++) queue.changed('busy');
    await settled();
    expect(started).toEqual(['busy']);
    queue.changed('busy');
    queue.changed('busy');
    queue.changed('other');
    await settled();
    expect(started).toEqual(['busy', 'other']);
    await end('busy');
    expect(started).toEqual(['busy', 'other', 'busy']);
    await end('busy');
    await end('other');
    expect(started).toHaveLength(3);
    await queue.idle();
  });

  it('an entity that changes all the time is built all the same', async () => {
    const started: string[] = [];
    const queue = new BuildQueue({
      settleMilliseconds: 60_000,
      patienceMilliseconds: 50,
      build: async entityRef => {
        started.push(entityRef);
      },
    });
    while (started.length === 0) {
      queue.changed('restless');
      await new Promise(resolve => setTimeout(resolve, 5));
    }
    await queue.close();
    expect(started[0]).toBe('restless');
  });

  it('goes on after a build that fails', async () => {
    const { end, queue, started } = controlled({ atOnce: 1 });
    queue.look(['broken', 'next']);
    await settled();
    await end('broken');
    expect(started).toEqual(['broken', 'next']);
    await end('next');
    await queue.idle();
  });

  it('ends with what is being built', async () => {
    const { end, queue, started } = controlled({ atOnce: 1 });
    queue.look(['a', 'b']);
    await settled();
    const closed = queue.close();
    queue.changed('c');
    await end('a');
    await closed;
    expect(started).toEqual(['a']);
  });
});
