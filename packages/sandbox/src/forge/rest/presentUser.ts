import type { ForgeService } from '../ForgeService';
import type { Account } from '../state/schemas';

/** An account as Gitea's `User`; a name that has no account becomes one without an id. @internal */
export function presentUser(service: ForgeService, login: string) {
  const account: Partial<Account> = service.state.account(login) ?? {};
  const name = account.login ?? login;
  return {
    id: account.id ?? -1,
    login: name,
    login_name: '',
    source_id: 0,
    full_name: account.fullName ?? '',
    email: account.email ?? '',
    avatar_url: '',
    html_url: `${service.url}/${encodeURIComponent(name)}`,
    language: '',
    is_admin: name === 'waystone',
    last_login: '0001-01-01T00:00:00Z',
    created: account.createdAt ?? '0001-01-01T00:00:00Z',
    restricted: false,
    active: true,
    prohibit_login: false,
    location: '',
    website: '',
    description: account.description ?? '',
    visibility: 'public',
    followers_count: 0,
    following_count: 0,
    starred_repos_count: 0,
    username: name,
  };
}

/** An account as Gitea's `Organization`. @internal */
export function presentOrganisation(account: Account) {
  return {
    id: account.id,
    name: account.login,
    full_name: account.fullName,
    email: '',
    avatar_url: '',
    description: account.description,
    website: '',
    location: '',
    visibility: 'public',
    repo_admin_change_team_access: false,
    username: account.login,
  };
}
