import { explainFailure } from './SignInPage';

describe('explainFailure', () => {
  it.each([
    ['Login failed, user profile does not contain an email', 'noEmail'],
    [
      'Failed to sign-in, unable to resolve user identity. Please verify that your catalog contains the expected User entities',
      'unknownPerson',
    ],
    ['access_denied (End-User aborted interaction)', 'cancelled'],
    ['Call 555-0100 to unlock your account', 'other'],
  ])('should take %s for %s', (message, failure) => {
    expect(explainFailure(message)).toBe(failure);
  });
});
