import type { Severity } from '@waystone/plugin-governance-common';

/** How long a finding may stay, by its severity. */
export class DueDates {
  readonly #days: Readonly<Partial<Record<Severity, number>>>;

  constructor(days: Readonly<Partial<Record<Severity, number>>>) {
    this.#days = days;
  }

  /** In ms; undefined if it may stay. */
  of({
    severity,
    since,
  }: {
    readonly severity: Severity;
    readonly since: number;
  }): number | undefined {
    const days = this.#days[severity];
    return days === undefined ? undefined : since + days * 86_400_000;
  }
}
