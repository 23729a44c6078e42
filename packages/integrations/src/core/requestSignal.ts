/**
 * Aborts when whoever made a request goes away, so that nothing is asked for them any longer.
 *
 * @param request - of express
 *
 * @public
 */
export function requestSignal(request: {
  readonly res?: { on(event: 'close', listener: () => void): unknown };
}): AbortSignal {
  const controller = new AbortController();
  request.res?.on('close', () => controller.abort());
  return controller.signal;
}
