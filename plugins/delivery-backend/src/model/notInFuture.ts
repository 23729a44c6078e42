/** A time that has come: a clock that is ahead of ours must not make something happen 'in ten minutes'. */
export function notInFuture<T extends string | undefined>(
  time: T,
  now = Date.now(),
): T | string {
  return time !== undefined && Date.parse(time) > now
    ? new Date(now).toISOString()
    : time;
}
