export { formatDuration } from './formatDuration.ts';
