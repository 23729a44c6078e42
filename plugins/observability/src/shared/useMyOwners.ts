import { identityApiRef, useApi } from '@backstage/frontend-plugin-api';
import { useEffect, useState } from 'react';

/** The groups that the signed-in person belongs to, and herself; undefined until it is known. */
export function useMyOwners(enabled: boolean): readonly string[] | undefined {
  const identity = useApi(identityApiRef);
  const [owners, setOwners] = useState<readonly string[]>();
  useEffect(() => {
    let current = true;
    if (enabled) {
      identity.getBackstageIdentity().then(
        ({ ownershipEntityRefs }) => current && setOwners(ownershipEntityRefs),
        // Without an identity nothing is hers.
        () => current && setOwners([]),
      );
    }
    return () => {
      current = false;
    };
  }, [enabled, identity]);
  return owners;
}
