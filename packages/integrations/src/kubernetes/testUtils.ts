import { createKubernetesClient } from './createKubernetesClient';
import type { KubernetesClient } from './Client';

/**
 * A client of a server that a test runs: it waits long for an answer, as the machine may be busy, and shortly after a
 * failure.
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
    limits: {
      readTimeoutMs: 30_000,
      firstByteTimeoutMs: 20_000,
      retryMinMs: 1,
      retryMaxMs: 20,
      breakerOpenMs: 200,
    },
  });
}
