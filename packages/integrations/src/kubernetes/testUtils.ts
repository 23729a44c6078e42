import { createKubernetesClient } from './createKubernetesClient';
import type { KubernetesClient } from './Client';

/**
 * A client of a server that a test runs, without patience: nothing in it waits for longer than a moment.
 */
export function createTestKubernetesClient(options: {
  readonly url: string;
  readonly token?: string;
  readonly ca?: string;
  readonly cluster?: string;
  readonly mayImpersonate?: () => boolean;
}): KubernetesClient {
  const { ca, cluster = 'test', mayImpersonate, token, url } = options;
  return createKubernetesClient({
    cluster,
    baseUrl: url,
    mayImpersonate,
    ...(ca && { tls: { ca } }),
    ...(token && {
      authorization: () => ({ Authorization: `Bearer ${token}` }),
    }),
    limits: { retryMinMs: 1, retryMaxMs: 20, breakerOpenMs: 200 },
  });
}
