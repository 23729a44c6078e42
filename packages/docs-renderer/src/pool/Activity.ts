import { ACTIVITY_BYTES } from './messages';

const HEADER_BYTES = 16;

/** What one thread is rendering right now, in memory that another thread can read while this one is busy. */
export class Activity {
  readonly buffer: SharedArrayBuffer;
  readonly #since: Float64Array;
  readonly #length: Int32Array;
  readonly #name: Uint8Array;

  constructor(buffer = new SharedArrayBuffer(ACTIVITY_BYTES)) {
    this.buffer = buffer;
    this.#since = new Float64Array(buffer, 0, 1);
    this.#length = new Int32Array(buffer, 8, 1);
    this.#name = new Uint8Array(buffer, HEADER_BYTES);
  }

  /** @param name - The page, for the message when it takes too long. */
  begin(name: string): void {
    const bytes = new TextEncoder().encode(name).subarray(0, this.#name.length);
    this.#name.set(bytes);
    this.#length[0] = bytes.length;
    this.#since[0] = Date.now();
  }

  end(): void {
    this.#since[0] = 0;
  }

  /** The page and for how many milliseconds it has been rendered; undefined when there is none. */
  current():
    | { readonly name: string; readonly milliseconds: number }
    | undefined {
    const since = this.#since[0];
    if (since === 0) return undefined;
    const name = Buffer.from(this.#name.slice(0, this.#length[0])).toString();
    return { name, milliseconds: Date.now() - since };
  }
}
