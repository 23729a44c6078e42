import '@testing-library/jest-dom';

// jsdom has no layout, and the graph measures its nodes.
Object.defineProperty(window.SVGElement.prototype, 'getBBox', {
  value: () => ({ width: 100, height: 40 }),
  configurable: true,
});
