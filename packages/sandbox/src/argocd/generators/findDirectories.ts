import { posix } from 'node:path';
import type { TemplateParameters } from '../fillTemplate';
import type { GitRepositories } from '../git/GitRepositories';
import { matchesGlob } from '../rendering/matchesGlob';

/** What a Git generator of directories says. @internal */
export interface DirectoriesGenerator {
  readonly repoURL: string;
  readonly revision?: string;
  readonly directories: readonly {
    readonly path: string;
    readonly exclude?: boolean;
  }[];
  readonly values?: Readonly<Record<string, string>>;
}

/** The folders of a repository that a Git generator asks for. @internal */
export async function findDirectories(
  git: DirectoriesGenerator,
  options: {
    readonly repositories: GitRepositories;
    readonly goTemplate: boolean;
  },
): Promise<TemplateParameters[]> {
  const { goTemplate, repositories } = options;
  await repositories.update(git.repoURL);
  const commit = await repositories.resolveRevision(
    git.repoURL,
    git.revision ?? 'HEAD',
  );
  const tree = await repositories.readTree(git.repoURL, commit);
  const folders: string[] = [];
  const visit = (folder: string) => {
    for (const name of tree.list(folder)) {
      const path = posix.join(folder, name);
      if (tree.isFolder(path) && !name.startsWith('.')) {
        folders.push(path);
        visit(path);
      }
    }
  };
  visit('');
  return folders
    .filter(
      folder =>
        git.directories.some(
          ({ path, exclude }) => !exclude && matchesGlob(path, folder),
        ) &&
        !git.directories.some(
          ({ path, exclude }) => exclude && matchesGlob(path, folder),
        ),
    )
    .map(folder => directoryParameters(folder, goTemplate, git.values));
}

function directoryParameters(
  folder: string,
  goTemplate: boolean,
  values: Readonly<Record<string, string>> = {},
): TemplateParameters {
  const segments = folder.split('/');
  const basename = segments.at(-1)!;
  const normalized = basename.toLowerCase().replace(/[^a-z0-9-.]/g, '-');
  if (goTemplate) {
    return {
      path: {
        path: folder,
        basename,
        basenameNormalized: normalized,
        segments,
      },
      ...(Object.keys(values).length > 0 && { values }),
    };
  }
  return {
    path: folder,
    'path.basename': basename,
    'path.basenameNormalized': normalized,
    ...Object.fromEntries(
      segments.map((segment, index) => [`path[${index}]`, segment]),
    ),
    ...Object.fromEntries(
      Object.entries(values).map(([name, value]) => [`values.${name}`, value]),
    ),
  };
}
