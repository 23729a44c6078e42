import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** @param {number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2
    ? sorted[middle]
    : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** @param {number} ms */
export function sleep(ms) {
  return new Promise(resolve => setTimeout(resolve, ms));
}

/**
 * @param {number} pid
 * @returns {Promise<number>} Resident memory in bytes.
 */
export async function residentMemory(pid) {
  const { stdout } = await promisify(execFile)('ps', [
    '-o',
    'rss=',
    '-p',
    String(pid),
  ]);
  return Number(stdout.trim()) * 1024;
}

/**
 * @param {string} url
 * @param {{ patienceMs: number, failed?: () => string | undefined }} options
 * @returns {Promise<number>} Milliseconds until it answered with success.
 */
export async function untilAnswers(url, { patienceMs, failed }) {
  const since = performance.now();
  for (;;) {
    const ok = await fetch(url).then(
      async response => {
        await response.arrayBuffer();
        return response.ok;
      },
      () => false,
    );
    const passed = performance.now() - since;
    if (ok) return passed;
    const problem = failed?.();
    if (problem) throw new Error(problem);
    if (passed > patienceMs) {
      throw new Error(`${url} did not answer within ${patienceMs / 1000} s`);
    }
    await sleep(50);
  }
}

export const show = {
  seconds: ms => (ms === undefined ? '' : `${(ms / 1000).toFixed(1)} s`),
  exactSeconds: ms => (ms === undefined ? '' : `${(ms / 1000).toFixed(2)} s`),
  megabytes: bytes =>
    bytes === undefined ? '' : `${Math.round(bytes / 1024 / 1024)} MB`,
  kilobytes: bytes =>
    bytes === undefined
      ? ''
      : `${Math.round(bytes / 1000).toLocaleString('en')} kB`,
};
