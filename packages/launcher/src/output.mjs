import fs from 'node:fs';
import path from 'node:path';

const HEART_BEAT_MS = 15_000;

/**
 * What a person sees: one line per step with its time. On a terminal the line of a running step is rewritten, elsewhere (CI, a
 * file) a long step says every 15 seconds that it goes on.
 */
export class Output {
  #stream;
  #tty;
  #colour;
  #logFile;
  /** @type {{ text: string, since: number, timer: NodeJS.Timeout, shown: boolean } | undefined} */
  #current;
  #silent = false;

  /** @param {{ stream?: NodeJS.WriteStream, env?: NodeJS.ProcessEnv }} [options] */
  constructor({ stream = process.stdout, env = process.env } = {}) {
    this.#stream = stream;
    this.#tty = Boolean(stream.isTTY) && env.TERM !== 'dumb' && !env.CI;
    this.#colour = this.#tty && !env.NO_COLOR;
  }

  /**
   * Also writes every line to a file, without colours.
   *
   * @param {string} file
   */
  keepIn(file) {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    this.#logFile = fs.openSync(file, 'w', 0o600);
  }

  /** @param {string} [text] */
  line(text = '') {
    this.#clear();
    this.#write(`${text}\n`);
    this.#draw();
  }

  /** @param {string} text */
  warn(text) {
    this.line(`${this.#paint('33', '!')} ${text}`);
  }

  /** @param {string} text */
  fail(text) {
    this.line(`${this.#paint('31', '✗')} ${text}`);
  }

  /**
   * Says that something is done that ran beside other steps.
   *
   * @param {string} name
   * @param {number} since
   */
  done(name, since) {
    this.line(`${this.#paint('32', '✓')} ${name}  ${seconds(since)}`);
  }

  /** @param {string} text */
  bold(text) {
    return this.#paint('1', text);
  }

  /**
   * Runs one step and prints its name and time when it ends. `progress` replaces the text after the name while it runs.
   *
   * @template T
   * @param {string} name
   * @param {(progress: (text: string) => void) => Promise<T>} action
   * @param {{ quietUnder?: number, announce?: boolean }} [options] - Steps shorter than `quietUnder` ms print nothing; `announce` prints a line at the beginning where lines can't be rewritten.
   * @returns {Promise<T>}
   */
  async step(name, action, { quietUnder = 0, announce = true } = {}) {
    const since = Date.now();
    const step = {
      text: name,
      since,
      shown: false,
      timer: setInterval(
        () => this.#beat(step),
        this.#tty ? 1000 : HEART_BEAT_MS,
      ),
    };
    step.timer.unref();
    const outer = this.#current;
    this.#current = step;
    if (this.#tty) this.#draw();
    else if (announce && !quietUnder) {
      this.#write(`› ${name} …\n`);
      step.shown = true;
    }
    try {
      const result = await action(text => {
        step.text = text ? `${name}: ${text}` : name;
        if (this.#tty) {
          this.#clear();
          this.#draw();
        }
      });
      this.#end(step, outer);
      if (Date.now() - since >= quietUnder) {
        this.done(name, since);
      }
      return result;
    } catch (error) {
      this.#end(step, outer);
      if (!this.#silent) this.fail(`${name}  ${seconds(since)}`);
      throw error;
    }
  }

  /** From here on steps that were begun say nothing, however they end. */
  silence() {
    this.abandon();
    this.#silent = true;
  }

  /** Forgets a step that will not end. */
  abandon() {
    if (this.#current) this.#end(this.#current, undefined);
  }

  #end(step, outer) {
    clearInterval(step.timer);
    this.#clear();
    this.#current = outer;
  }

  #beat(step) {
    if (this.#current !== step) return;
    if (this.#tty) {
      this.#clear();
      this.#draw();
    } else {
      this.#write(`› ${step.text} … ${seconds(step.since)}\n`);
    }
  }

  #draw() {
    if (!this.#tty || !this.#current) return;
    const { text, since } = this.#current;
    const line = `› ${text} … ${seconds(since)}`;
    this.#stream.write(line.slice(0, (this.#stream.columns ?? 80) - 1));
  }

  #clear() {
    if (this.#tty && this.#current) this.#stream.write('\r\u001b[2K');
  }

  #write(text) {
    this.#stream.write(text);
    if (this.#logFile !== undefined) {
      // eslint-disable-next-line no-control-regex
      const plain = text.replace(/\u001b\[[0-9;]*[A-Za-z]/g, '');
      try {
        fs.writeSync(this.#logFile, plain);
      } catch {
        // A full disk must not hide what the terminal still can show.
        this.#logFile = undefined;
      }
    }
  }

  #paint(code, text) {
    return this.#colour ? `\u001b[${code}m${text}\u001b[0m` : text;
  }
}

/**
 * @param {number} since - Milliseconds of the clock.
 * @returns {string} Such as `0.4 s`, `62 s`.
 */
export function seconds(since) {
  const passed = (Date.now() - since) / 1000;
  return passed < 10 ? `${passed.toFixed(1)} s` : `${Math.round(passed)} s`;
}
