import type MarkdownIt from 'markdown-it';
import type { StateCore, Token } from '../parserTypes';
import type { PageEnvironment } from '../PageEnvironment';

const REFERENCE =
  /(?<![\w/#@&.-])(?:(?:([A-Za-z\d][\w-]*)\/)?([A-Za-z\d][\w.-]*)?([#!])(\d{1,9})(?![\w-])|@([A-Za-z\d][\w-]{0,38})(?:\/([A-Za-z\d][\w.-]*\w|\w))?(?![\w@/-])|([\da-f]{40})(?![\w-]))/g;

interface Target {
  readonly kind: 'issue' | 'pull' | 'mention' | 'repository' | 'commit';
  readonly text: string;
  readonly path: string;
  readonly title: string;
}

/**
 * `#12`, `!3`, `repository#12`, `owner/repository#12`, `@name`, `@owner/repository` and whole commits, where
 * `pymdownx.magiclink` names a repository and `repo_url_shorthand` is on.
 *
 * https://facelessuser.github.io/pymdown-extensions/extensions/magiclink/
 */
export function repositoryLinks(markdown: MarkdownIt): void {
  markdown.core.ruler.after('linkify', 'repository_links', state => {
    const { repository } = (state.env as PageEnvironment).options;
    if (!repository?.shorthand) return;
    for (const token of state.tokens) {
      if (token.type === 'inline' && token.children) {
        token.children = linked(token.children, repository.url, state);
      }
    }
  });
}

function linked(
  children: readonly Token[],
  repositoryUrl: string,
  state: StateCore,
): Token[] {
  let inLink = 0;
  return children.flatMap(child => {
    if (child.type === 'link_open') inLink++;
    else if (child.type === 'link_close') inLink--;
    return child.type === 'text' && inLink === 0
      ? split(child, repositoryUrl, state)
      : [child];
  });
}

function split(token: Token, repositoryUrl: string, state: StateCore): Token[] {
  const parts: Token[] = [];
  const { origin, hostname, pathname } = new URL(repositoryUrl);
  const gitlab = hostname === 'gitlab.com';
  const [owner, name] = pathname.slice(1).split('/');
  let from = 0;
  const text = (content: string) => {
    if (!content) return;
    const part = new state.Token('text', '', 0);
    part.content = content;
    part.level = token.level;
    parts.push(part);
  };
  for (const match of token.content.matchAll(REFERENCE)) {
    const target = describe(match, { owner, name, gitlab });
    if (!target) continue;
    text(token.content.slice(from, match.index));
    const open = new state.Token('link_open', 'a', 1);
    const host = gitlab ? 'gitlab' : 'github';
    open.attrSet(
      'class',
      `magiclink magiclink-${host} magiclink-${target.kind}`,
    );
    open.attrSet('href', `${origin}/${target.path}`);
    open.attrSet('title', `${gitlab ? 'GitLab' : 'GitHub'} ${target.title}`);
    parts.push(open);
    text(target.text);
    parts.push(new state.Token('link_close', 'a', -1));
    from = match.index + match[0].length;
  }
  if (from === 0) return [token];
  text(token.content.slice(from));
  return parts;
}

function describe(
  match: RegExpExecArray,
  own: {
    readonly owner: string;
    readonly name: string;
    readonly gitlab: boolean;
  },
): Target | undefined {
  const [, user, project, sign, number, mention, mentioned, commit] = match;
  const inside = own.gitlab ? '/-' : '';
  if (commit) {
    const repository = `${own.owner}/${own.name}`;
    const short = commit.slice(0, 7);
    return {
      kind: 'commit',
      text: short,
      path: `${repository}${inside}/commit/${commit}`,
      title: `Commit: ${repository}@${short}`,
    };
  }
  if (mention) {
    return mentioned
      ? {
          kind: 'repository',
          text: `${mention}/${mentioned}`,
          path: `${mention}/${mentioned}`,
          title: `Repository: ${mention}/${mentioned}`,
        }
      : {
          kind: 'mention',
          text: `@${mention}`,
          path: mention,
          title: `User: ${mention}`,
        };
  }
  if (user && !project) return undefined;
  const repository = `${user ?? own.owner}/${project ?? own.name}`;
  const isPull = sign === '!';
  const pulls = own.gitlab ? 'merge_requests' : 'pull';
  const sameOwner = user === undefined || user === own.owner;
  const sameName = project === undefined || project === own.name;
  const shownOwner = sameOwner ? '' : `${user}/`;
  const shown =
    sameOwner && sameName ? '' : `${shownOwner}${project ?? own.name}`;
  return {
    kind: isPull ? 'pull' : 'issue',
    text: `${shown}${sign}${number}`,
    path: `${repository}${inside}/${isPull ? pulls : 'issues'}/${number}`,
    title: `${isPull ? 'Pull Request' : 'Issue'}: ${repository} #${number}`,
  };
}
