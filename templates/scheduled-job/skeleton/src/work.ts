import type { Work } from './runJob.ts';

/** The work. Begin here. */
export const work: Work = async signal => {
  let handled = 0;
  for (const _item of ['one', 'two', 'three']) {
    // Between two items it can be stopped
    signal.throwIfAborted();
    handled += 1;
  }
  return { handled };
};
