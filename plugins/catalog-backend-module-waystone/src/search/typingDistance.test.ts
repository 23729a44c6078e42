import {
  forgivenErrors,
  isAbbreviation,
  typingDistance,
} from './typingDistance';

describe('typing errors', () => {
  it.each([
    ['orderservice', 'orderservice', 0],
    ['order', 'orderservice', 0],
    ['oderservice', 'orderservice', 1],
    ['orderrservice', 'orderservice', 1],
    ['orderservcie', 'orderservice', 1],
    ['ordxrservyce', 'orderservice', 2],
    ['tech', 'team', undefined],
    ['service', 'orderservice', undefined],
    ['abcd', '', undefined],
  ])('%s for %s are %s', (typed, name, errors) => {
    expect(typingDistance(typed, name, forgivenErrors(typed.length))).toBe(
      errors,
    );
  });

  it('are forgiven by length', () => {
    expect([3, 4, 7, 8, 12, 100].map(forgivenErrors)).toEqual([
      0, 1, 1, 2, 3, 3,
    ]);
  });
});

it.each([
  ['ordersrv', 'orderservice', true],
  ['srv', 'orderservice', false],
  ['ordx', 'orderservice', false],
])('%s is an abbreviation of %s: %s', (typed, name, is) => {
  expect(isAbbreviation(typed, name)).toBe(is);
});
