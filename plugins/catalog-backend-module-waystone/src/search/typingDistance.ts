/** How many errors are forgiven in a word of a length: one in four letters, three at most. */
export function forgivenErrors(length: number): number {
  return Math.min(3, Math.floor(length / 4));
}

/**
 * How many letters have to be changed, added, left out or swapped with their neighbour, to make the typed text of
 * the beginning of a name.
 *
 * @param most - beyond which nobody wants to know
 * @returns Undefined if there are more.
 */
export function typingDistance(
  typed: string,
  name: string,
  most: number,
): number | undefined {
  const target = name.slice(0, typed.length + most);
  let beforeLast: number[] = [];
  let last = Array.from({ length: target.length + 1 }, (_, index) => index);
  for (let row = 1; row <= typed.length; row++) {
    const next = [row];
    for (let column = 1; column <= target.length; column++) {
      const same = typed[row - 1] === target[column - 1];
      let cost = Math.min(
        last[column - 1] + (same ? 0 : 1),
        last[column] + 1,
        next[column - 1] + 1,
      );
      if (
        row > 1 &&
        column > 1 &&
        typed[row - 1] === target[column - 2] &&
        typed[row - 2] === target[column - 1]
      ) {
        cost = Math.min(cost, beforeLast[column - 2] + 1);
      }
      next.push(cost);
    }
    beforeLast = last;
    last = next;
  }
  const distance = Math.min(...last);
  return distance <= most ? distance : undefined;
}

/** Whether the typed letters occur in a name, in their order, from its first: `ordersrv` in `orderservice`. */
export function isAbbreviation(typed: string, name: string): boolean {
  if (typed[0] !== name[0]) {
    return false;
  }
  let at = 0;
  for (const letter of name) {
    if (letter === typed[at]) {
      at++;
    }
  }
  return at === typed.length;
}
