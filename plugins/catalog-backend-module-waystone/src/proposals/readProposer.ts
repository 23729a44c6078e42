import type {
  BackstageCredentials,
  UserInfoService,
} from '@backstage/backend-plugin-api';
import type { CatalogService } from '@backstage/plugin-catalog-node';

/** Who asks the portal to propose something. */
export interface Proposer {
  readonly entityRef: string;
  readonly name: string;
  /** What a commit says of them. */
  readonly trailers: string;
}

/** Reads the name and the address of the signed-in person from the catalog. */
export async function readProposer(
  credentials: BackstageCredentials,
  services: {
    readonly catalog: CatalogService;
    readonly userInfo: UserInfoService;
  },
): Promise<Proposer> {
  const { userEntityRef } = await services.userInfo.getUserInfo(credentials);
  const user = await services.catalog.getEntityByRef(userEntityRef, {
    credentials,
  });
  const profile = user?.spec?.profile;
  const field = (key: string) => {
    const value =
      typeof profile === 'object' && profile !== null && key in profile
        ? (profile as Record<string, unknown>)[key]
        : undefined;
    return typeof value === 'string' ? oneLine(value) : '';
  };
  const name = field('displayName') || userEntityRef;
  const email = field('email');
  return {
    entityRef: userEntityRef,
    name,
    trailers: [
      ...(email ? [`Co-authored-by: ${name} <${email}>`] : []),
      `On-behalf-of: ${userEntityRef}`,
    ].join('\n'),
  };
}

/** Git reads a trailer to the end of its line, and an address to the bracket. */
function oneLine(text: string): string {
  return text
    .replace(/[\p{Cc}<>\s]+/gu, ' ')
    .trim()
    .slice(0, 200);
}
