import type {
  ForgeService,
  GitForge,
  RepositoryRef,
} from '@waystone/integrations';

/** A file on a branch of a forge. */
export interface ForgeLocation {
  readonly forge: GitForge;
  readonly repository: RepositoryRef;
  readonly branch: string;
  readonly path: string;
}

/** Why a source is not on a forge, in a sentence for people. */
export interface NoForgeLocation {
  readonly reason: string;
}

/** What stands between the repository and the branch in the address of a file, by make of the forge. */
const MARKS = {
  gitea: /^src\/branch\/(.+)$/,
  github: /^(?:blob|tree|edit|raw)\/(.+)$/,
} as const;

/**
 * Finds the file that a location of the catalog names on one of the forges.
 *
 * @param locationKey - what the catalog has noted, such as `url:https://…`
 */
export async function locateOnForge(
  forges: ForgeService,
  locationKey: string | null | undefined,
  options: { readonly signal?: AbortSignal } = {},
): Promise<ForgeLocation | NoForgeLocation> {
  if (!locationKey?.startsWith('url:')) {
    return {
      reason: locationKey?.startsWith('file:')
        ? 'Its file is on the disk of the portal, not in a repository.'
        : 'It comes from no file.',
    };
  }
  const url = locationKey.slice('url:'.length);
  const found = forges.forges.flatMap(forge => {
    const repository = forge.parseUrl(url);
    return repository ? [{ forge, repository }] : [];
  })[0];
  if (!found) {
    return {
      reason: 'Its file is on no Git server that the portal may write to.',
    };
  }
  const { forge, repository } = found;
  const { pathname } = new URL(url);
  const rest = MARKS[forge.system].exec(
    decodeURIComponent(
      pathname.slice(
        pathname.indexOf(`/${pathOf(repository)}/`) +
          pathOf(repository).length +
          2,
      ),
    ),
  )?.[1];
  const { defaultBranch } =
    (await forge.findRepository(repository, options)) ?? {};
  if (!rest || !defaultBranch) {
    return { reason: 'Its address names no file on a branch.' };
  }
  const branch = rest.startsWith(`${defaultBranch}/`)
    ? defaultBranch
    : rest.split('/', 1)[0];
  const path = rest.slice(branch.length + 1);
  return path
    ? {
        forge,
        repository,
        branch: branch === 'HEAD' ? defaultBranch : branch,
        path,
      }
    : { reason: 'Its address names no file on a branch.' };
}

function pathOf({ name, owner }: RepositoryRef): string {
  return `${encodeURIComponent(owner)}/${encodeURIComponent(name)}`;
}

/** Whether there is one. */
export function isOnForge(
  location: ForgeLocation | NoForgeLocation,
): location is ForgeLocation {
  return 'forge' in location;
}
