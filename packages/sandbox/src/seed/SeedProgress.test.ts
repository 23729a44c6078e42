import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SeedProgress } from './SeedProgress';

describe('SeedProgress', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'seed-progress-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const keep = () => {
    for (const name of ['forge', 'kubernetes', 'vault']) {
      mkdirSync(join(folder, name));
    }
    writeFileSync(join(folder, 'identity-tokens.json'), '{}');
  };

  it('should throw away a seed that was not ended, and nothing else', () => {
    const first = new SeedProgress(folder);
    expect(first.isNew).toBe(true);
    first.reach('begun');
    keep();

    const second = new SeedProgress(folder);
    expect(second.isNew).toBe(true);
    expect(existsSync(join(folder, 'forge'))).toBe(false);
    expect(existsSync(join(folder, 'kubernetes'))).toBe(false);
    expect(existsSync(join(folder, 'identity-tokens.json'))).toBe(true);
  });

  it('should keep a seed that was made, and say what is left to happen', () => {
    new SeedProgress(folder).reach('made');
    keep();

    const second = new SeedProgress(folder);
    expect(second).toMatchObject({ isNew: false, isComplete: false });
    second.reach('complete');
    expect(new SeedProgress(folder)).toMatchObject({
      isNew: false,
      isComplete: true,
    });
    expect(existsSync(join(folder, 'kubernetes'))).toBe(true);
  });

  it('should keep what was seeded before there was its file', () => {
    keep();

    expect(new SeedProgress(folder)).toMatchObject({
      isNew: false,
      isComplete: true,
    });
    expect(existsSync(join(folder, 'vault'))).toBe(true);
  });
});
