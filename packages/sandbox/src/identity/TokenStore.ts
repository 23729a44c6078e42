import { join } from 'node:path';
import type { Adapter, AdapterPayload } from 'oidc-provider';
import { z } from 'zod';
import { readStateFile, writeStateFile } from '../core/stateFiles';

const rowSchema = z.object({
  payload: z.record(z.string(), z.unknown()),
  /** When the row ends, in milliseconds since 1970. */
  expiresAt: z.number().optional(),
});

const fileSchema = z.record(z.string(), rowSchema);

type Row = z.infer<typeof rowSchema>;

/** What a signed-in person needs after a restart. The rest lives for minutes and is not worth a write. */
const DURABLE_MODELS = ['Session', 'Grant', 'RefreshToken', 'AccessToken'];

/**
 * The provider's sessions, grants and tokens: in memory and, given a folder, in one file there.
 *
 * @remarks
 * The file is rewritten whole on each change, before the change is answered. That suits the handful of sessions of
 * one machine and keeps them over a `kill -9`.
 *
 * @internal
 */
export class TokenStore {
  readonly #rows = new Map<string, Row>();
  readonly #file: string | undefined;

  static create(options: { folder?: string }): TokenStore {
    const { folder } = options;
    return new TokenStore(folder && join(folder, 'identity-tokens.json'));
  }

  private constructor(file: string | undefined) {
    this.#file = file;
    const rows = file && readStateFile(file, fileSchema);
    for (const [key, row] of Object.entries(rows || {})) {
      this.#rows.set(key, row);
    }
  }

  /** The view of one model that oidc-provider works with. */
  createAdapter(model: string): Adapter {
    const toKey = (id: string) => `${model}:${id}`;
    const isModel = (key: string) => key.startsWith(`${model}:`);
    const changed = () => {
      if (DURABLE_MODELS.includes(model)) {
        this.#save();
      }
    };
    const findBy = (field: string, value: string) => {
      for (const key of this.#rows.keys()) {
        const payload = isModel(key) ? this.#get(key)?.payload : undefined;
        if (payload?.[field] === value) {
          return payload as AdapterPayload;
        }
      }
      return undefined;
    };

    return {
      upsert: async (id, payload, expiresIn) => {
        this.#removeExpired();
        this.#rows.set(toKey(id), {
          payload: { ...payload },
          expiresAt: expiresIn ? Date.now() + expiresIn * 1000 : undefined,
        });
        changed();
      },
      find: async id =>
        this.#get(toKey(id))?.payload as AdapterPayload | undefined,
      findByUid: async uid => findBy('uid', uid),
      findByUserCode: async userCode => findBy('userCode', userCode),
      consume: async id => {
        const row = this.#get(toKey(id));
        if (row) {
          row.payload.consumed = Math.floor(Date.now() / 1000);
          changed();
        }
      },
      destroy: async id => {
        this.#rows.delete(toKey(id));
        changed();
      },
      revokeByGrantId: async grantId => {
        for (const [key, row] of this.#rows) {
          if (isModel(key) && row.payload.grantId === grantId) {
            this.#rows.delete(key);
          }
        }
        changed();
      },
    };
  }

  #get(key: string): Row | undefined {
    const row = this.#rows.get(key);
    return row && !isExpired(row) ? row : undefined;
  }

  #removeExpired() {
    for (const [key, row] of this.#rows) {
      if (isExpired(row)) {
        this.#rows.delete(key);
      }
    }
  }

  #save() {
    if (!this.#file) {
      return;
    }
    const durable = [...this.#rows].filter(([key]) =>
      DURABLE_MODELS.includes(key.slice(0, key.indexOf(':'))),
    );
    writeStateFile(this.#file, Object.fromEntries(durable));
  }
}

function isExpired(row: Row): boolean {
  return row.expiresAt !== undefined && row.expiresAt <= Date.now();
}
