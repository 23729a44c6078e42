/**
 * Of the versions that repair a weakness, the one that is nearest to what is installed.
 *
 * @param fixed - as the scanner has it: one, or one for each line that is maintained, with commas
 */
export function chooseFix(
  installed: string,
  fixed: string | undefined,
): string | undefined {
  const versions = (fixed ?? '')
    .split(',')
    .map(version => version.trim())
    .filter(version => version !== '')
    .sort(compareVersions);
  return (
    versions.find(version => compareVersions(version, installed) > 0) ??
    versions.at(-1)
  );
}

/** Compares versions of any kind part by part, numbers as numbers. A pre-release comes before its release. */
export function compareVersions(a: string, b: string): number {
  const left = partsOf(a);
  const right = partsOf(b);
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const one = left[index] ?? 0;
    const other = right[index] ?? 0;
    if (one !== other) {
      if (typeof one === 'number' && typeof other === 'number') {
        return one - other;
      }
      // Letters, as in 1.0-rc1, come before numbers and the end.
      if (typeof one === 'number') {
        return 1;
      }
      if (typeof other === 'number') {
        return -1;
      }
      return one < other ? -1 : 1;
    }
  }
  return 0;
}

function partsOf(version: string): readonly (number | string)[] {
  return (version.replace(/^v/, '').match(/\d+|[a-z]+/gi) ?? []).map(part =>
    /^\d/.test(part) ? Number(part) : part.toLocaleLowerCase('en-US'),
  );
}
