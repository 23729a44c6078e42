/**
 * A length of time for people, such as `2 h 5 min`. Begin here, and put what the package is for in its place.
 *
 * @param seconds - not negative
 */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) {
    throw new RangeError(`'${seconds}' is not a length of time`);
  }
  const minutes = Math.round(seconds / 60);
  const hours = Math.floor(minutes / 60);
  return hours > 0 ? `${hours} h ${minutes % 60} min` : `${minutes} min`;
}
