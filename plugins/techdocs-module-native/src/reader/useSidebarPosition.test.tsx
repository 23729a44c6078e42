import { render } from '@testing-library/react';
import { useSidebarPosition } from './useSidebarPosition';

function Above() {
  return <div ref={useSidebarPosition()}>3 things to fix</div>;
}

describe('useSidebarPosition', () => {
  const known = globalThis.ResizeObserver;
  afterEach(() => {
    globalThis.ResizeObserver = known;
  });

  it('has TechDocs place its sidebars when what is above the page changes its height', () => {
    let grow = () => {};
    const disconnect = jest.fn();
    globalThis.ResizeObserver = class {
      constructor(callback: ResizeObserverCallback) {
        grow = () => callback([], this);
      }
      observe = jest.fn();
      unobserve = jest.fn();
      disconnect = disconnect;
    };
    const placed = jest.fn();
    window.addEventListener('resize', placed);
    const { unmount } = render(<Above />);
    grow();
    expect(placed).toHaveBeenCalledTimes(1);
    unmount();
    expect(disconnect).toHaveBeenCalled();
    window.removeEventListener('resize', placed);
  });
});
