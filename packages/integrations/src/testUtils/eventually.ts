import { setTimeout as sleep } from 'node:timers/promises';

/** Asks again until the answer is as it should be; the test's own time limit ends it. */
export async function eventually<T>(
  ask: () => T | Promise<T>,
  isRight: (answer: T) => boolean = Boolean,
): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (isRight(answer)) {
      return answer;
    }
    await sleep(10);
  }
}
