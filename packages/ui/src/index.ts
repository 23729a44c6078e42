export { formatRelativeTime, RelativeTime } from './RelativeTime';
export { StateLabel } from './StateLabel';
export type { State } from './StateLabel';
export { useFilters } from './useFilters';
export { usePolling } from './usePolling';
export type { Polled } from './usePolling';
