import { configApiRef, storageApiRef } from '@backstage/frontend-plugin-api';
import {
  mockApis,
  renderInTestApp,
  TestApiProvider,
} from '@backstage/frontend-test-utils';
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Announcements } from './Announcements';

describe('Announcements', () => {
  it('should show the newest first, and hide one for good', async () => {
    const storage = mockApis.storage();
    renderInTestApp(
      <TestApiProvider
        apis={[
          [storageApiRef, storage],
          [
            configApiRef,
            mockApis.config({
              data: {
                waystone: {
                  announcements: [
                    { id: 'old', date: '2026-01-01', title: 'Older news' },
                    { id: 'new', date: '2026-02-01', title: 'Newer news' },
                  ],
                },
              },
            }),
          ],
        ]}
      >
        <Announcements />
      </TestApiProvider>,
    );

    const titles = await screen.findAllByText(/news/);
    expect(titles.map(e => e.textContent)).toEqual([
      'Newer news',
      'Older news',
    ]);

    await userEvent.click(
      screen.getByRole('button', { name: 'Hide “Newer news”' }),
    );
    expect(await screen.findByText('Older news')).toBeInTheDocument();
    expect(screen.queryByText('Newer news')).not.toBeInTheDocument();
    expect(
      storage.forBucket('home').snapshot('hiddenAnnouncements').value,
    ).toEqual(['new']);
  });
});
