import type {
  KubernetesClient,
  KubernetesEvent,
  ObjectRef,
} from '@waystone/integrations';
import { describeLive, liveSchema } from './describeLive';
import type { LiveResource } from './describeLive';

const ADDRESS = {
  apiVersion: 'platform.example.org/v1',
  kind: 'Shop',
  namespace: 'orders',
};

/** A cluster with these objects, by kind. */
function clientOf(
  objects: Record<string, LiveResource>,
  events: Record<string, Partial<KubernetesEvent>[]> = {},
): KubernetesClient {
  return {
    find: async ({ kind }: ObjectRef) => objects[kind],
    events: async ({ regarding }: { regarding: { uid: string } }) =>
      events[regarding.uid] ?? [],
  } as unknown as KubernetesClient;
}

const object = (
  name: string,
  conditions: Record<string, [status: string, message?: string]>,
  parts: string[] = [],
): LiveResource =>
  liveSchema.parse({
    metadata: { name, uid: name },
    spec: {
      crossplane: {
        resourceRefs: parts.map(kind => ({
          apiVersion: 'example.org/v1',
          kind,
          name: kind.toLowerCase(),
        })),
      },
    },
    status: {
      conditions: Object.entries(conditions).map(
        ([type, [status, message]]) => ({ type, status, message }),
      ),
    },
  });

describe('why it is not ready', () => {
  it('names the deepest cause, with what the cluster says of it', async () => {
    const root = object('shop', { Synced: ['True'], Ready: ['False'] }, [
      'Database',
      'Cache',
    ]);
    const { blocker, objects } = await describeLive(
      clientOf(
        {
          Database: object('database', { Ready: ['False'] }, ['Volume']),
          Cache: object('cache', { Ready: ['True'] }),
          Volume: object('volume', { Ready: ['False', 'Waiting'] }),
        },
        {
          volume: [
            {
              type: 'Warning',
              reason: 'ProvisioningFailed',
              message: 'no disk is left',
            },
          ],
        },
      ),
      root,
      ADDRESS,
    );
    expect(blocker).toBe("Volume 'volume': no disk is left");
    expect(
      objects.map(({ depth, kind, state }) => [depth, kind, state]),
    ).toEqual([
      [0, 'Shop', 'progressing'],
      [1, 'Database', 'progressing'],
      [2, 'Volume', 'progressing'],
      [1, 'Cache', 'ready'],
    ]);
  });

  it('says what cannot be composed, what is not made yet, and what has not begun', async () => {
    const blockerOf = async (root: LiveResource) =>
      (await describeLive(clientOf({}), root, ADDRESS)).blocker;
    expect(
      await blockerOf(object('shop', { Synced: ['False', 'no such field'] })),
    ).toBe("Shop 'shop' cannot be composed: no such field");
    expect(
      await blockerOf(object('shop', { Ready: ['False'] }, ['Cache'])),
    ).toBe("Cache 'cache' has not been made yet");
    expect(await blockerOf(object('shop', { Ready: ['False'] }))).toBe(
      "Crossplane has not begun with Shop 'shop' yet",
    );
    expect(
      await blockerOf(object('shop', { Ready: ['True'] })),
    ).toBeUndefined();
  });
});
