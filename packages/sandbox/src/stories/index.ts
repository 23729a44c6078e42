import { badDeploy } from './badDeploy';
import { breakTheDatabase } from './breakTheDatabase';
import { drift } from './drift';
import { expiredSecret } from './expiredSecret';
import { slowUpstream, upstreamDown } from './faultStories';
import { newCriticalCve } from './newCriticalCve';
import { RED_STORIES } from './redStories';
import type { Story } from './Story';
import { trafficSpike } from './trafficSpike';

/** All stories, in the order in which they are offered. */
export const STORIES: readonly Story[] = [
  badDeploy,
  breakTheDatabase,
  drift,
  expiredSecret,
  newCriticalCve,
  trafficSpike,
  ...RED_STORIES,
  slowUpstream,
  upstreamDown,
];
