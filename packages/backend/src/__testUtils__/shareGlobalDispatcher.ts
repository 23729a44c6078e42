/** The symbols under which undici and Node keep the dispatcher of `fetch`. */
const SYMBOLS = ['undici.globalDispatcher.1', 'undici.globalDispatcher.2'];

/**
 * Makes an earlier `setGlobalDispatcher()` in a test reach the global `fetch`.
 *
 * Jest gives each test file a global object of its own, but `fetch` in it is that of
 * the process and looks at the process' global object.
 *
 * @internal
 */
export function shareGlobalDispatcher(): void {
  // A function made by another realm's constructor runs in that realm.
  const outer = (fetch.constructor as FunctionConstructor)(
    'return globalThis',
  )();
  for (const name of SYMBOLS) {
    const symbol = Symbol.for(name);
    outer[symbol] = (globalThis as any)[symbol];
  }
}
