const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * One request to stop arrives several times: from the terminal, from npm and from the launcher's own first process. What comes within this
 * time is the same request; what comes later is a person who will not wait.
 */
const SAME_REQUEST_MS = 1500;

/**
 * Calls `onStop` at the first Ctrl-C, SIGTERM or SIGHUP, and when npm, which started this process, is gone without a signal. `onForce` is called
 * when the person asks again.
 *
 * @param {(reason: string) => void} onStop
 * @param {(reason: string) => void} [onForce]
 * @returns {() => void} Stops listening.
 */
export function onStopRequest(onStop, onForce = () => {}) {
  let first;
  const listener = signal => {
    if (first === undefined) {
      first = Date.now();
      onStop(signal);
    } else if (Date.now() - first > SAME_REQUEST_MS) {
      onForce(signal);
    }
  };
  for (const signal of STOP_SIGNALS) process.on(signal, listener);

  // The first process of the launcher (on another Node) is connected by a channel, npm is only the parent.
  const onDisconnect = () => first === undefined && listener('disconnect');
  if (process.connected) process.on('disconnect', onDisconnect);
  const forgetParent = onParentGone(
    () => first === undefined && listener('parent gone'),
  );

  return () => {
    for (const signal of STOP_SIGNALS) process.off(signal, listener);
    process.off('disconnect', onDisconnect);
    forgetParent();
  };
}

/**
 * npm passes Ctrl-C to the shell it runs a script in, and not every shell passes it on or waits. Then this process is left without the parent
 * that it was started by.
 *
 * @param {() => void} action
 * @returns {() => void} Stops looking.
 */
export function onParentGone(action) {
  // Called without npm it may well go on when its shell ends. With a channel the other end of it is what counts.
  if (!process.env.npm_lifecycle_event || process.connected) return () => {};
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    action();
  }, 250);
  timer.unref();
  return () => clearInterval(timer);
}

/**
 * Waits for a stop request, or for something else that ends the command.
 *
 * @param {Promise<unknown>} [other]
 * @returns {Promise<string>} Which signal; `ended` when the other thing came first.
 */
export async function untilStopped(other) {
  let forget;
  const signal = new Promise(resolve => {
    forget = onStopRequest(resolve);
  });
  // A pending promise alone does not keep Node running.
  const alive = setInterval(() => {}, 60_000);
  try {
    return await Promise.race([
      signal,
      ...(other ? [other.then(() => 'ended')] : []),
    ]);
  } finally {
    clearInterval(alive);
    forget();
  }
}
