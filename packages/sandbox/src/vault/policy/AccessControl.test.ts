import { AccessControl } from './AccessControl';
import { parsePolicy } from './parsePolicy';

const POLICY = `
# What a team may do
path "secret/data/team/*" {
  capabilities = ["create", "read", "update"] // and no delete
}
path "secret/data/team/locked" { capabilities = ["deny"] }
path "secret/data/+/shared"    { capabilities = ["read"] }
path "secret/data/+/+/deep"    { capabilities = ["read"] }
path "secret/data/tea*"        { capabilities = ["list"] }
path "secret/metadata/"        { capabilities = ["list"] }
/* The old way */
path "old/*" { policy = "write" }
path "sys/audit" { capabilities = ["read", "sudo"] }
`;

describe('policies', () => {
  const access = new AccessControl(parsePolicy(POLICY), false);

  it.each([
    ['secret/data/team/a', ['create', 'read', 'update']],
    ['secret/data/team/a/b', ['create', 'read', 'update']],
    // An exact path wins, and deny takes everything.
    ['secret/data/team/locked', ['deny']],
    // The pattern with the later first wildcard wins alone.
    ['secret/data/team/shared', ['create', 'read', 'update']],
    ['secret/data/other/shared', ['read']],
    ['secret/data/a/b/deep', ['read']],
    ['secret/data/a/b/c/deep', ['deny']],
    ['secret/data/teapot', ['list']],
    ['secret/data', ['deny']],
    ['old/a', ['create', 'delete', 'list', 'read', 'update']],
    ['sys/audit', ['read', 'sudo']],
    ['elsewhere', ['deny']],
  ])('grant for %s: %s', (path, expected) => {
    expect(access.capabilities(path)).toEqual(expected);
  });

  it('add up for the same path', () => {
    const both = new AccessControl(
      [
        ...parsePolicy('path "a" { capabilities = ["read"] }'),
        ...parsePolicy('{"path": {"a": {"capabilities": ["list"]}}}'),
      ],
      false,
    );
    expect(both.capabilities('a')).toEqual(['list', 'read']);
    expect(both.allows('a', 'update')).toBe(false);
    expect(new AccessControl([], true).allows('a', 'sudo')).toBe(true);
  });

  it.each([
    ['path "a" { capabilities = ["raed"] }', /invalid capability "raed"/],
    ['path "a" { capbilities = ["read"] }', /invalid key "capbilities"/],
    ['paths "a" { capabilities = ["read"] }', /invalid key "paths"/],
    ['path "a/+*" { capabilities = ["read"] }', /wildcards/],
    ['path "a" {', /expected/],
    ['path "a', /illegal character at line 1/],
    ['{"path": ', /expected/],
  ])('are refused: %s', (text, message) => {
    expect(() => parsePolicy(text)).toThrow(message);
  });
});
