import { VaultTokenSource } from './VaultTokenSource';
import type { VaultGrant } from './VaultLogin';

/** Logs in and renews as it is told. */
class ScriptedLogin {
  readonly calls: string[] = [];
  logInAnswer: () => Promise<VaultGrant> = async () => this.grant();
  renewAnswer: () => Promise<VaultGrant> = async () => this.grant('token-1');
  #logins = 0;

  grant(token = `token-${this.#logins}`, ttlSeconds = 900): VaultGrant {
    return { token, ttlSeconds, renewable: true };
  }

  async logIn() {
    this.#logins += 1;
    this.calls.push('log in');
    return this.logInAnswer();
  }

  async renew(token: string) {
    this.calls.push(`renew ${token}`);
    return this.renewAnswer();
  }
}

describe('the token of Vault', () => {
  let login: ScriptedLogin;
  let source: VaultTokenSource;

  beforeEach(() => {
    jest.useFakeTimers();
    login = new ScriptedLogin();
    source = new VaultTokenSource({ login, name: 'vault (test)' });
  });

  afterEach(() => {
    source.close();
    jest.useRealTimers();
  });

  it('is asked for once, however many ask', async () => {
    expect(login.calls).toEqual([]);
    const tokens = await Promise.all([source.get(), source.get()]);
    expect(tokens).toEqual(['token-1', 'token-1']);
    await expect(source.get()).resolves.toBe('token-1');
    expect(login.calls).toEqual(['log in']);
  });

  it('is renewed after about two thirds of its life', async () => {
    await source.get();
    // 900 s: after 540 to 600 s.
    await jest.advanceTimersByTimeAsync(539_000);
    expect(login.calls).toEqual(['log in']);
    await jest.advanceTimersByTimeAsync(62_000);
    expect(login.calls).toEqual(['log in', 'renew token-1']);
    await jest.advanceTimersByTimeAsync(601_000);
    expect(login.calls).toHaveLength(3);
    await expect(source.get()).resolves.toBe('token-1');
  });

  it('is replaced by a login when no renewal lengthens it', async () => {
    await source.get();
    login.renewAnswer = async () => login.grant('token-1', 60);
    await jest.advanceTimersByTimeAsync(601_000);
    expect(login.calls).toEqual(['log in', 'renew token-1', 'log in']);
    await expect(source.get()).resolves.toBe('token-2');
  });

  it('is replaced by a login when it cannot be renewed', async () => {
    login.logInAnswer = async () => ({ ...login.grant(), renewable: false });
    await source.get();
    await jest.advanceTimersByTimeAsync(601_000);
    expect(login.calls).toEqual(['log in', 'log in']);
  });

  it('survives failures until there is a new one', async () => {
    await source.get();
    login.renewAnswer = async () => {
      throw new Error('it is sealed');
    };
    login.logInAnswer = login.renewAnswer;
    await jest.advanceTimersByTimeAsync(620_000);
    // The old one is still good.
    await expect(source.get()).resolves.toBe('token-1');
    login.logInAnswer = async () => login.grant();
    await jest.advanceTimersByTimeAsync(60_000);
    await expect(source.get()).resolves.not.toBe('token-1');
    expect(login.calls.filter(call => call.startsWith('renew'))).toHaveLength(
      1,
    );
  });

  it('is not used beyond its end', async () => {
    login.logInAnswer = async () => ({ ...login.grant(), ttlSeconds: 2 });
    await source.get();
    login.logInAnswer = async () => {
      throw new Error('gone');
    };
    login.renewAnswer = login.logInAnswer;
    await jest.advanceTimersByTimeAsync(2100);
    await expect(source.get()).rejects.toThrow('gone');
  });

  it('is replaced once when it was refused', async () => {
    await source.get();
    const tokens = await Promise.all([
      source.replace('token-1'),
      source.replace('token-1'),
    ]);
    expect(tokens).toEqual(['token-2', 'token-2']);
    // Somebody who was refused with the old one later.
    await expect(source.replace('token-1')).resolves.toBe('token-2');
    expect(login.calls).toEqual(['log in', 'log in']);
  });

  it('without an end is never renewed', async () => {
    login.logInAnswer = async () => ({ ...login.grant(), ttlSeconds: 0 });
    await source.get();
    expect(jest.getTimerCount()).toBe(0);
  });
});
