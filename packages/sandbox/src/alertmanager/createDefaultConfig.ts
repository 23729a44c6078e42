import { stringify } from 'yaml';

/**
 * A configuration that sends each team its alerts and pages for the critical ones.
 *
 * @internal
 */
export function createDefaultConfig(teams: readonly string[]): string {
  const names = [...new Set(teams)].sort();
  return stringify({
    global: { resolve_timeout: '5m' },
    route: {
      receiver: 'platform',
      group_by: ['alertname', 'cluster', 'namespace', 'service'],
      group_wait: '30s',
      group_interval: '5m',
      repeat_interval: '4h',
      routes: names.map(team => ({
        receiver: `${team}-chat`,
        matchers: [`team=${JSON.stringify(team)}`],
        routes: [
          {
            receiver: `${team}-on-call`,
            matchers: ['severity="critical"'],
          },
        ],
      })),
    },
    receivers: [
      { name: 'platform' },
      ...names.flatMap(team => [
        { name: `${team}-chat` },
        { name: `${team}-on-call` },
      ]),
    ],
    inhibit_rules: [
      {
        source_matchers: ['severity="critical"'],
        target_matchers: ['severity=~"warning|info"'],
        equal: ['cluster', 'namespace', 'service'],
      },
    ],
  });
}
