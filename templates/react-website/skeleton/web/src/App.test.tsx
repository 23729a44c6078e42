import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { App } from './App';

it('names the site', () => {
  expect(renderToStaticMarkup(<App />)).toContain('<h1>${{ values.name }}</h1>');
});
