import type {
  FileChange,
  GitForge,
  PullRequest,
  RepositoryRef,
} from '@waystone/integrations';
import { forgeFailureOf } from '@waystone/integrations';
import type { Proposal } from '@waystone/plugin-catalog-overview-common';
import type { Proposer } from './readProposer';

/**
 * Opens a pull request with one commit of the portal, on behalf of a person.
 *
 * @remarks
 *
 * Safe to repeat: the branch is named after the change, so that a second attempt finds what the first one left,
 * be it an open pull request or only a branch.
 */
export async function openProposal(options: {
  readonly forge: GitForge;
  readonly repository: RepositoryRef;
  /** The branch it goes to. */
  readonly base: string;
  /** Where it was when the change was made up. */
  readonly expectedBase?: string;
  /** Named after the change: another change needs another name. */
  readonly branch: string;
  readonly title: string;
  /** Markdown. */
  readonly body: string;
  /** Why, for the commit. */
  readonly reason: string;
  readonly changes: readonly FileChange[];
  readonly proposer: Proposer;
}): Promise<Proposal> {
  const { base, body, changes, forge, proposer, repository, title } = options;
  const branch = await findBranchName(options);
  const find = async () => {
    const [open] = await forge.listPullRequests(repository, {
      state: 'open',
      head: branch,
      base,
    });
    return open && toProposal(open, false);
  };
  const before = await find();
  if (before) {
    return before;
  }
  if (!(await forge.findBranch(repository, branch))) {
    try {
      await forge.commitFiles({
        repository,
        branch,
        from: base,
        expectedBase: options.expectedBase,
        message: `${title}\n\n${options.reason}\n\n${proposer.trailers}`,
        changes,
      });
    } catch (error) {
      // Another replica was asked in the same moment
      if (forgeFailureOf(error)?.type !== 'branch-exists') {
        throw error;
      }
    }
  }
  try {
    return toProposal(
      await forge.openPullRequest({
        repository,
        title,
        body,
        head: branch,
        base,
      }),
      true,
    );
  } catch (error) {
    const other =
      forgeFailureOf(error)?.type === 'pull-request-exists'
        ? await find()
        : undefined;
    if (!other) {
      throw error;
    }
    return other;
  }
}

/** Another one than before if that was merged, and what it brought is gone again. */
async function findBranchName(options: {
  readonly forge: GitForge;
  readonly repository: RepositoryRef;
  readonly base: string;
  readonly branch: string;
}): Promise<string> {
  const { base, branch, forge, repository } = options;
  const pulls = await forge.listPullRequests(repository, {
    state: 'all',
    head: branch,
    base,
  });
  const isUsed =
    pulls.some(({ state }) => state === 'merged') &&
    pulls.every(({ state }) => state !== 'open');
  const head = isUsed && (await forge.findBranch(repository, base));
  return head ? `${branch}-${head.slice(0, 8)}` : branch;
}

function toProposal(
  { number, title, url }: PullRequest,
  created: boolean,
): Proposal {
  return { number, title, url, created };
}
