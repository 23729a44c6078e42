/** Where the values of an object came from: a tree beside the object's own. @public */
export class Origins {
  readonly #parent?: Origins;
  readonly #key: string | number;
  #children?: Map<string | number, Origins>;
  #attached = false;
  /** Of the value itself, if it is known. */
  origin?: string;

  constructor(parent?: Origins, key: string | number = '') {
    this.#parent = parent;
    this.#key = key;
  }

  /** A part that is only kept once it is said where it came from. */
  part(key: string | number): Origins {
    return this.child(key) ?? new Origins(this, key);
  }

  /** A part of which something is known. */
  child(key: string | number): Origins | undefined {
    return this.#children?.get(key);
  }

  /** Notes where the value came from. */
  say(origin: string): void {
    this.origin = origin;
    this.#attach();
  }

  /** Forgets all parts. */
  clear(): void {
    this.#children = undefined;
  }

  #attach(): void {
    const parent = this.#parent;
    if (parent && !this.#attached) {
      this.#attached = true;
      parent.#children ??= new Map();
      parent.#children.set(this.#key, this);
      parent.#attach();
    }
  }
}
