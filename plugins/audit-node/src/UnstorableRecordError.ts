import { CustomErrorBase } from '@backstage/errors';

/**
 * What was given can never be stored, such as a text that the database refuses.
 *
 * @public
 */
export class UnstorableRecordError extends CustomErrorBase {
  name = 'UnstorableRecordError' as const;
}
