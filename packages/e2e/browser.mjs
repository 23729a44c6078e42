import { existsSync } from 'node:fs';

/** How Chromium is started: it must send nothing anywhere by itself. */
export const BROWSER_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/** The npm package brings a browser for Linux on x64 only. */
const INSTALLED = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/**
 * @returns {Promise<string>} The browser's program: CHROMIUM_PATH, else the one that comes as an npm package, else an
 * installed one.
 */
export async function findBrowser() {
  const wanted = process.env.CHROMIUM_PATH;
  if (wanted) {
    if (!existsSync(wanted)) {
      throw new Error(
        `CHROMIUM_PATH names '${wanted}', which does not exist. Point it at a Chromium or Chrome.`,
      );
    }
    return wanted;
  }
  if (process.platform === 'linux' && process.arch === 'x64') {
    const { default: chromium } = await import('@sparticuz/chromium');
    return chromium.executablePath();
  }
  const installed = INSTALLED.find(file => existsSync(file));
  if (!installed) {
    throw new Error(
      'No browser for the journeys was found. Install Chromium or Chrome and set CHROMIUM_PATH to its program.',
    );
  }
  return installed;
}
