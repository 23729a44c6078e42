import { render, screen } from '@testing-library/react';
import { formatRelativeTime, RelativeTime } from './RelativeTime';

describe('formatRelativeTime', () => {
  const now = Date.parse('2026-11-21T12:00:00Z');

  it.each([
    ['2026-11-21T11:59:45Z', 'now'],
    ['2026-11-21T11:57:00Z', '3 minutes ago'],
    ['2026-11-21T07:00:00Z', '5 hours ago'],
    ['2026-11-20T12:00:00Z', 'yesterday'],
    ['2026-10-01T12:00:00Z', '2 months ago'],
    ['2026-11-21T14:00:00Z', 'in 2 hours'],
  ])('should say %s as %s', (value, words) => {
    expect(formatRelativeTime(Date.parse(value), now)).toBe(words);
  });
});

describe('RelativeTime', () => {
  it('should carry the exact time', () => {
    render(<RelativeTime value="2020-01-02T03:04:05Z" />);
    expect(screen.getByText(/years ago/)).toHaveAttribute(
      'datetime',
      '2020-01-02T03:04:05Z',
    );
  });

  it('should show nothing for what is no time', () => {
    const { container } = render(<RelativeTime value="soon" />);
    expect(container).toBeEmptyDOMElement();
  });
});
