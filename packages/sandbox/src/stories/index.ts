import { drift } from './drift';
import { expiredSecret } from './expiredSecret';
import { slowUpstream, upstreamDown } from './faultStories';
import type { Story } from './Story';

/** All stories, in the order in which they are offered. */
export const STORIES: readonly Story[] = [
  drift,
  expiredSecret,
  slowUpstream,
  upstreamDown,
];
