/**
 * An expected failure. It is shown as one line that says what failed and what to do, without a stack.
 */
export class Problem extends Error {
  name = 'Problem';

  /**
   * @param {string} message - What failed, on what, and what to do about it.
   * @param {{ cause?: unknown, details?: string, exitCode?: number }} [options] - `details` are useful lines, such as the end of a log, shown before the message.
   */
  constructor(message, options = {}) {
    super(message, { cause: options.cause });
    this.details = options.details;
    this.exitCode = options.exitCode ?? 1;
  }
}

/**
 * The failures of the machine that have one cause and one remedy, recognised in an error or in the output of a program.
 *
 * @param {unknown} error - An error, or text that a program has written.
 * @param {string} [place] - The folder that was worked on.
 * @returns {string | undefined} A sentence with the cause and the remedy; undefined when the cause is not known.
 */
export function machineCause(error, place) {
  const text = typeof error === 'string' ? error : errorText(error);
  const where = place ?? pathOf(error);
  if (/ENOSPC|EDQUOT|no space left on device|disk quota exceeded/i.test(text)) {
    return `The disk is full${
      where ? ` (${where})` : ''
    }. Free some space there and start again.`;
  }
  if (/EROFS|read-only file system/i.test(text)) {
    return `The disk is read-only${
      where ? ` (${where})` : ''
    }. Use a folder that can be written: WAYSTONE_HOME=<folder>.`;
  }
  if (/EACCES|EPERM|permission denied|operation not permitted/i.test(text)) {
    return `No permission to read or write ${
      where ?? 'a file that is needed'
    }. Give this user access to it, or set WAYSTONE_HOME=<folder> to keep the data elsewhere.`;
  }
  if (/EMFILE|ENFILE|too many open files/i.test(text)) {
    return 'Too many open files. Raise the limit (ulimit -n 4096) and start again.';
  }
  if (/ENOMEM|cannot allocate memory|heap out of memory/i.test(text)) {
    return 'Not enough memory: about 3 GB free are needed for the first build. Close other programs and start again.';
  }
  return undefined;
}

/**
 * As {@link machineCause}, for a step that downloads: there, a failing network has one cause and one remedy too.
 *
 * @param {unknown} error - An error, or text that a program has written.
 * @param {string} [place] - The folder that was worked on.
 * @returns {string | undefined}
 */
export function downloadCause(error, place) {
  const text = typeof error === 'string' ? error : errorText(error);
  if (
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|getaddrinfo|network request failed|network is unreachable|socket hang up|self.signed certificate|unable to get (local )?issuer/i.test(
      text,
    )
  ) {
    return /certificate|issuer/i.test(text)
      ? 'The package registry shows a certificate that Node does not trust. Set NODE_EXTRA_CA_CERTS to your organisation’s CA file and start again.'
      : 'The package registry cannot be reached. Check the network (or the proxy: HTTPS_PROXY) and start again.';
  }
  return machineCause(error, place);
}

/**
 * Runs a step that reads or writes files, and words the machine's failures (full disk, no permission) as a {@link Problem}.
 *
 * @template T
 * @param {string} what - What was being done, as the start of a sentence: `Writing the secrets failed`.
 * @param {string} place - The folder or file that was worked on.
 * @param {() => T | Promise<T>} action
 * @returns {Promise<T>}
 */
export async function withPlace(what, place, action) {
  try {
    return await action();
  } catch (error) {
    throw placeProblem(what, place, error);
  }
}

/** @param {string} what @param {string} place @param {unknown} error @returns {unknown} */
export function placeProblem(what, place, error) {
  if (error instanceof Problem) return error;
  const cause = machineCause(error, place);
  return cause ? new Problem(`${what}. ${cause}`, { cause: error }) : error;
}

/** @param {unknown} error */
function errorText(error) {
  if (!(error instanceof Error)) return String(error);
  const code = /** @type {{ code?: string }} */ (error).code ?? '';
  return `${code} ${error.message}`;
}

/** @param {unknown} error */
function pathOf(error) {
  return /** @type {{ path?: string } | undefined} */ (error)?.path;
}
