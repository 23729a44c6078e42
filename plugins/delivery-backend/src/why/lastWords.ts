/** How much of a line a sentence quotes. */
const MOST_WORDS = 160;

const SAYS_WHY =
  /\b(error|exception|fatal|panic|failed|cannot|could not|refused|denied|unable|undefined|not found|missing)\b/i;
const FRAME = /^\s*(at |\.\.\. |File "|goroutine |#\d)/;

/** The line of a log that says best what went wrong: the last that names an error, and is no part of a stack. */
export function lastWords(lines: readonly string[]): string | undefined {
  const line = lines.findLast(each => SAYS_WHY.test(each) && !FRAME.test(each));
  if (!line) {
    return undefined;
  }
  const text = messageOf(line).replace(/\s+/g, ' ').trim().replace(/[.:]$/, '');
  return text.length > MOST_WORDS ? `${text.slice(0, MOST_WORDS - 1)}…` : text;
}

/** Of a line that is JSON, its message; of another one, what comes after time and level. */
function messageOf(line: string): string {
  if (line.startsWith('{')) {
    try {
      const parsed: unknown = JSON.parse(line);
      const { error, message, msg } = parsed as Record<string, unknown>;
      const found = [message, msg, error].find(
        value => typeof value === 'string',
      );
      return typeof found === 'string' ? found : line;
    } catch {
      // It only looks like JSON.
    }
  }
  return line
    .replace(/^\[?\d{4}-\d\d-\d\d[T ][\d:.,]+Z?\]?\s*/, '')
    .replace(/^\[?(ERROR|WARN|FATAL|INFO|error|warn)\]?:?\s+/, '');
}
