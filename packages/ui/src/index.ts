export { formatRelativeTime, RelativeTime } from './RelativeTime';
export { StateLabel } from './StateLabel';
export type { State } from './StateLabel';
export { usePolling } from './usePolling';
export type { Polled } from './usePolling';
