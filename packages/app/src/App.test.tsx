import { render, screen } from '@testing-library/react';
import App from './App';

describe('App', () => {
  it('should offer the configured ways to sign in', async () => {
    process.env = {
      NODE_ENV: 'test',
      APP_CONFIG: [
        {
          data: {
            app: { title: 'Waystone' },
            backend: { baseUrl: 'http://localhost:7007' },
            techdocs: { builder: 'external' },
            waystone: {
              signIn: { providers: [{ id: 'oidc', title: 'Fernway' }] },
            },
          },
          context: 'test',
        },
      ] as any,
    };

    render(App.createRoot());

    expect(
      await screen.findByRole(
        'button',
        { name: 'Sign in with Fernway' },
        { timeout: 15_000 },
      ),
    ).toBeInTheDocument();
    expect(
      screen.getByRole('heading', { name: 'Sign in to Waystone' }),
    ).toBeInTheDocument();
  }, 30_000);
});
