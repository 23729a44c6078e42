/** A value that knows where it came from. The YAML says so behind it. */
export class Sourced<T> {
  readonly value: T;
  /** Such as `spec.replicas` or `platform default: size`. */
  readonly origin: string;

  constructor(value: T, origin: string) {
    this.value = value;
    this.origin = origin;
  }

  map<U>(change: (value: T) => U): Sourced<U> {
    return new Sourced(change(this.value), this.origin);
  }
}
