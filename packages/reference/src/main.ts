import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createReference } from './createReference';

async function main(): Promise<void> {
  const repository = process.cwd();
  const pages = await createReference(repository);
  await rm(join(repository, 'docs/reference'), {
    recursive: true,
    force: true,
  });
  for (const [path, text] of pages) {
    const file = join(repository, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
    process.stdout.write(`${path}\n`);
  }
}

main().catch(error => {
  process.stderr.write(`${error}\n`);
  process.exitCode = 1;
});
