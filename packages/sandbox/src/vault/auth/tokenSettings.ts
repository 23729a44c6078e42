import { z } from 'zod';
import { readBoolean, readList, readNumber, readSeconds } from '../fields';
import type { BackendAnswer } from '../VaultBackend';
import type { VaultTokens } from '../VaultTokens';

/** What a role of an auth method says about the tokens that it grants. */
export const tokenSettingsSchema = z.object({
  policies: z.array(z.string()),
  /** Seconds; 0 for the default. */
  ttl: z.number(),
  maxTtl: z.number(),
  period: z.number(),
  uses: z.number(),
  noDefaultPolicy: z.boolean(),
});

export type TokenSettings = z.infer<typeof tokenSettingsSchema>;

/** Reads the `token_…` fields of a role; what is not given stays. */
export function readTokenSettings(
  fields: Readonly<Record<string, unknown>>,
  old: TokenSettings | undefined,
): TokenSettings {
  return {
    policies:
      readList(fields, 'token_policies') ??
      readList(fields, 'policies') ??
      old?.policies ??
      [],
    ttl:
      readSeconds(fields, 'token_ttl') ??
      readSeconds(fields, 'ttl') ??
      old?.ttl ??
      0,
    maxTtl:
      readSeconds(fields, 'token_max_ttl') ??
      readSeconds(fields, 'max_ttl') ??
      old?.maxTtl ??
      0,
    period: readSeconds(fields, 'token_period') ?? old?.period ?? 0,
    uses: readNumber(fields, 'token_num_uses') ?? old?.uses ?? 0,
    noDefaultPolicy:
      readBoolean(fields, 'token_no_default_policy') ??
      old?.noDefaultPolicy ??
      false,
  };
}

/** The `token_…` fields of a role, as it is read. */
export function describeTokenSettings(
  settings: TokenSettings,
): Record<string, unknown> {
  return {
    token_bound_cidrs: [],
    token_explicit_max_ttl: 0,
    token_max_ttl: settings.maxTtl,
    token_no_default_policy: settings.noDefaultPolicy,
    token_num_uses: settings.uses,
    token_period: settings.period,
    token_policies: settings.policies,
    token_strictly_bind_ip: false,
    token_ttl: settings.ttl,
    token_type: 'default',
  };
}

/** Makes the token of a login. */
export function grantToken(
  tokens: VaultTokens,
  settings: TokenSettings,
  login: {
    readonly namespace: string;
    readonly path: string;
    readonly displayName: string;
    readonly metadata: Readonly<Record<string, string>>;
  },
): BackendAnswer {
  const policies = new Set(settings.policies.map(name => name.toLowerCase()));
  if (!settings.noDefaultPolicy) {
    policies.add('default');
  }
  return {
    auth: {
      token: tokens.create({
        ...login,
        policies: [...policies].sort(),
        ttl: settings.ttl,
        loginMaxTtl: settings.maxTtl,
        period: settings.period,
        uses: settings.uses,
      }),
    },
  };
}
