import { createClusterSuite } from './conformance/ClusterSuite';
import type { ClusterUnderTest } from './conformance/ClusterSuite';
import { testAccess } from './conformance/testAccess';
import { testKinds } from './conformance/testKinds';
import { testObjects } from './conformance/testObjects';
import { testWatching } from './conformance/testWatching';
import { testWrites } from './conformance/testWrites';

/**
 * What every cluster has to do for {@link KubernetesClient}, written from the API's documentation.
 */
export function testKubernetesClient(cluster: ClusterUnderTest): void {
  describe('KubernetesClient', () => {
    const suite = createClusterSuite(cluster);
    testAccess(suite);
    testKinds(suite);
    testObjects(suite);
    testWrites(suite);
    testWatching(suite);
  });
}
