import { render, screen } from '@testing-library/react';
import { MemoryRouter } from 'react-router-dom';
import { LinkList, LinkRow } from './LinkList';

describe('LinkRow', () => {
  const renderRow = (href?: string) =>
    render(
      <MemoryRouter>
        <LinkList>
          <LinkRow href={href} title="A row" />
        </LinkList>
      </MemoryRouter>,
    );

  it('should link to paths of the portal and to https addresses', () => {
    renderRow('/catalog/default/component/order-service');
    expect(screen.getByRole('link', { name: 'A row' })).toHaveAttribute(
      'href',
      '/catalog/default/component/order-service',
    );
  });

  it('should open other sites apart, without telling them where from', () => {
    renderRow('https://status.portal.example/');
    const link = screen.getByRole('link', { name: 'A row' });
    expect(link).toHaveAttribute('target', '_blank');
    expect(link).toHaveAttribute('rel', 'noreferrer');
  });

  it.each([
    // eslint-disable-next-line no-script-url
    'javascript:alert(1)',
    'data:text/html,x',
    '//evil.example/',
    '/\\evil.example',
    'http://insecure.example/',
    undefined,
  ])('should show %s as text', href => {
    renderRow(href);
    expect(screen.getByText('A row')).toBeInTheDocument();
    expect(screen.queryByRole('link')).not.toBeInTheDocument();
  });
});
