import {
  identityApiRef,
  type ProfileInfo,
  useApi,
} from '@backstage/frontend-plugin-api';
import { useEffect, useState } from 'react';

/** The signed-in person's name and picture; undefined until known. */
export function useMyProfile(): ProfileInfo | undefined {
  const identityApi = useApi(identityApiRef);
  const [profile, setProfile] = useState<ProfileInfo>();
  useEffect(() => {
    let cancelled = false;
    identityApi.getProfileInfo().then(
      value => !cancelled && setProfile(value),
      () => {
        // The page greets without a name
      },
    );
    return () => {
      cancelled = true;
    };
  }, [identityApi]);
  return profile;
}
