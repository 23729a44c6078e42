import { createKubernetesCluster } from './createKubernetesCluster';
import type { RunningKubernetesCluster } from './createKubernetesCluster';
import type { KubernetesObject } from './KubernetesCluster';
import { StatusError } from './StatusError';

const MAP = { apiVersion: 'v1', kind: 'ConfigMap' };

describe('createKubernetesCluster', () => {
  let cluster: RunningKubernetesCluster;
  const settle = () =>
    new Promise(resolve => {
      setImmediate(resolve);
    });
  const createMap = (
    name: string,
    owner?: KubernetesObject,
    blockOwnerDeletion = true,
  ) =>
    cluster.create({
      ...MAP,
      metadata: {
        name,
        ...(owner && {
          ownerReferences: [
            {
              apiVersion: owner.apiVersion,
              kind: owner.kind,
              name: owner.metadata.name!,
              uid: owner.metadata.uid!,
              blockOwnerDeletion,
            },
          ],
        }),
      },
    });
  const find = (name: string) => cluster.get({ ...MAP, name });

  beforeEach(() => {
    cluster = createKubernetesCluster({ name: 'test' });
  });
  afterEach(async () => {
    await cluster.close();
  });

  it('should tell of what is there and of each change, after the write', async () => {
    createMap('first');
    const events: string[] = [];
    const stop = cluster.watch(MAP, ({ type, object, previous }) => {
      if (object.metadata.name !== 'kube-root-ca.crt') {
        events.push(`${type} ${object.metadata.name} ${previous?.data?.a}`);
      }
    });
    cluster.patch({ ...MAP, name: 'first' }, { data: { a: '1' } });
    cluster.patch({ ...MAP, name: 'first' }, { data: { a: '1' } });
    cluster.patch({ ...MAP, name: 'first' }, { data: { a: '2' } });
    cluster.delete({ ...MAP, name: 'first' });
    expect(events).toEqual([]);
    await settle();
    expect(events).toEqual([
      'ADDED first undefined',
      'MODIFIED first undefined',
      'MODIFIED first 1',
      'DELETED first undefined',
    ]);
    stop();
    createMap('second');
    await settle();
    expect(events).toHaveLength(4);
  });

  it('should hand out objects that cannot be changed', () => {
    const created = createMap('frozen') as any;
    expect(() => {
      created.metadata.labels = {};
    }).toThrow(TypeError);
  });

  it('should fail as the API server does', () => {
    expect(() => cluster.list({ apiVersion: 'none/v1', kind: 'None' })).toThrow(
      StatusError,
    );
    expect(() => cluster.patch({ ...MAP, name: 'none' }, {})).toThrow(
      'configmaps "none" not found',
    );
    expect(() => cluster.delete({ ...MAP, name: 'none' })).not.toThrow();
    expect(cluster.serves(MAP)).toBe(true);
    expect(cluster.serves({ apiVersion: 'none/v1', kind: 'None' })).toBe(false);
  });

  it('should ask admission before each write, of clients and its own', () => {
    const asked: string[] = [];
    cluster.addAdmissionPlugin(({ operation, object, oldObject }) => {
      const { name } = (object ?? oldObject)!.metadata;
      asked.push(`${operation} ${name}`);
      if (object?.data?.forbidden) {
        throw new StatusError({
          code: 403,
          reason: 'Forbidden',
          message: 'not this',
        });
      }
    });
    createMap('asked');
    expect(() =>
      cluster.patch({ ...MAP, name: 'asked' }, { data: { forbidden: 'yes' } }),
    ).toThrow('not this');
    expect(find('asked')?.data).toBeUndefined();
    cluster.delete({ ...MAP, name: 'asked' });
    expect(asked).toEqual(['CREATE asked', 'UPDATE asked', 'DELETE asked']);
  });

  it('should delete what belonged to what is gone', async () => {
    const owner = createMap('owner');
    const child = createMap('child', owner);
    createMap('grandchild', child);
    createMap('other');
    cluster.delete({ ...MAP, name: 'owner' });
    expect(find('owner')).toBeUndefined();
    expect(find('child')).toBeDefined();
    await settle();
    expect([find('child'), find('grandchild')]).toEqual([undefined, undefined]);
    expect(find('other')).toBeDefined();
  });

  it('should delete what belongs to an object before the object, in the foreground', async () => {
    const owner = createMap('owner');
    createMap('child', owner);
    cluster.patch(
      { ...MAP, name: 'child' },
      { metadata: { finalizers: ['example.org/hold'] } },
    );
    cluster.delete(
      { ...MAP, name: 'owner' },
      { propagationPolicy: 'Foreground' },
    );
    await settle();
    expect(find('owner')?.metadata.finalizers).toEqual(['foregroundDeletion']);
    expect(find('child')?.metadata.deletionTimestamp).toBeDefined();
    cluster.patch(
      { ...MAP, name: 'child' },
      { metadata: { finalizers: null } },
    );
    await settle();
    expect([find('owner'), find('child')]).toEqual([undefined, undefined]);
  });

  it('should leave orphans if asked to', async () => {
    const owner = createMap('owner');
    createMap('child', owner);
    cluster.delete({ ...MAP, name: 'owner' }, { propagationPolicy: 'Orphan' });
    await settle();
    expect(find('owner')).toBeUndefined();
    expect(find('child')?.metadata.ownerReferences ?? []).toEqual([]);
  });

  it('should keep what has another owner', async () => {
    const first = createMap('first');
    const second = createMap('second');
    createMap('child', first);
    const references = find('child')!.metadata.ownerReferences!;
    cluster.patch(
      { ...MAP, name: 'child' },
      {
        metadata: {
          ownerReferences: [
            ...references,
            { ...references[0], name: 'second', uid: second.metadata.uid },
          ],
        },
      },
    );
    cluster.delete({ ...MAP, name: 'first' });
    await settle();
    expect(
      find('child')?.metadata.ownerReferences?.map(owner => owner.name),
    ).toEqual(['second']);
  });

  it('should empty a namespace before it goes', () => {
    const ref = { apiVersion: 'v1', kind: 'Namespace', name: 'team' };
    cluster.create({ ...ref, metadata: { name: 'team' } });
    expect(
      cluster.get({
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        namespace: 'team',
        name: 'default',
      }),
    ).toBeDefined();
    cluster.create({
      ...MAP,
      metadata: {
        name: 'held',
        namespace: 'team',
        finalizers: ['example.org/hold'],
      },
    });
    cluster.delete(ref);
    expect(cluster.get(ref)?.status.phase).toBe('Terminating');
    expect(() =>
      cluster.create({ ...MAP, metadata: { name: 'late', namespace: 'team' } }),
    ).toThrow('because it is being terminated');
    cluster.patch(
      { ...MAP, name: 'held', namespace: 'team' },
      { metadata: { finalizers: null } },
    );
    expect(cluster.get(ref)).toBeUndefined();
  });

  it('should count repeated events', () => {
    const regarding = createMap('regarded');
    const event = {
      regarding,
      type: 'Warning' as const,
      reason: 'BackOff',
      message: 'Back-off restarting',
      component: 'kubelet',
    };
    cluster.recordEvent(event);
    cluster.recordEvent(event);
    const events = cluster.list(
      { apiVersion: 'v1', kind: 'Event' },
      { fieldSelector: 'involvedObject.name=regarded' },
    );
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({ count: 2, reason: 'BackOff' });
  });
});
