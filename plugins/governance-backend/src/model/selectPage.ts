/**
 * A part of an array as if it were sorted, without sorting the rest: of 100,000 rows somebody looks at a hundred.
 *
 * @param rows - their order changes
 */
export function selectPage<T>(
  rows: T[],
  compare: (a: T, b: T) => number,
  start: number,
  end: number,
): T[] {
  const last = Math.min(end, rows.length);
  if (start >= last) {
    return [];
  }
  if (start > 0) {
    partition(rows, compare, start, 0, rows.length - 1);
  }
  if (last < rows.length) {
    partition(rows, compare, last, start, rows.length - 1);
  }
  return rows.slice(start, last).sort(compare);
}

/** Moves those that come before the place `nth` to the left of it (Hoare's selection). */
function partition<T>(
  rows: T[],
  compare: (a: T, b: T) => number,
  nth: number,
  from: number,
  to: number,
) {
  let left = from;
  let right = to;
  while (left < right) {
    const pivot = median(
      rows[left],
      rows[Math.floor((left + right) / 2)],
      rows[right],
      compare,
    );
    let i = left;
    let j = right;
    while (i <= j) {
      while (compare(rows[i], pivot) < 0) {
        i += 1;
      }
      while (compare(rows[j], pivot) > 0) {
        j -= 1;
      }
      if (i <= j) {
        const row = rows[i];
        rows[i] = rows[j];
        rows[j] = row;
        i += 1;
        j -= 1;
      }
    }
    if (nth <= j) {
      right = j;
    } else if (nth >= i) {
      left = i;
    } else {
      return;
    }
  }
}

function median<T>(a: T, b: T, c: T, compare: (a: T, b: T) => number): T {
  if (compare(a, b) < 0) {
    if (compare(b, c) < 0) {
      return b;
    }
    return compare(a, c) < 0 ? c : a;
  }
  if (compare(a, c) < 0) {
    return a;
  }
  return compare(b, c) < 0 ? c : b;
}
