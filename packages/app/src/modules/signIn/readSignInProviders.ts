import {
  type ApiRef,
  type BackstageIdentityApi,
  type ConfigApi,
  githubAuthApiRef,
  microsoftAuthApiRef,
  type ProfileInfoApi,
  type SessionApi,
} from '@backstage/core-plugin-api';
import { oidcAuthApiRef } from './apis';

type SignInApi = ProfileInfoApi & BackstageIdentityApi & SessionApi;

const apiRefs: Record<'oidc' | 'github' | 'microsoft', ApiRef<SignInApi>> = {
  oidc: oidcAuthApiRef,
  github: githubAuthApiRef,
  microsoft: microsoftAuthApiRef,
};

/** One way to sign in, as configured under `waystone.signIn.providers`. */
export type SignInProvider = {
  id: keyof typeof apiRefs;
  title: string;
  apiRef: ApiRef<SignInApi>;
};

/** Reads `waystone.signIn.providers`; an unknown id is an error that names it. */
export function readSignInProviders(config: ConfigApi): SignInProvider[] {
  return (config.getOptionalConfigArray('waystone.signIn.providers') ?? []).map(
    provider => {
      const id = provider.getString('id');
      if (!Object.hasOwn(apiRefs, id)) {
        throw new Error(
          `Unknown sign-in provider '${id}' in waystone.signIn.providers; use one of ${Object.keys(
            apiRefs,
          ).join(', ')}`,
        );
      }
      const known = id as keyof typeof apiRefs;
      return {
        id: known,
        title: provider.getString('title'),
        apiRef: apiRefs[known],
      };
    },
  );
}
