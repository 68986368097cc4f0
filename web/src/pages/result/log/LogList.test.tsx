import { fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LogList, type Target } from './LogList';

const viewport = 240;
const rowHeight = 24;

// jsdom lays nothing out: every element is as high as the list.
class FakeObserver {
  constructor(private readonly heard: ResizeObserverCallback) {}
  observe() {
    const entry = { contentRect: { height: viewport, width: 400 } } as ResizeObserverEntry;
    this.heard([entry], this as unknown as ResizeObserver);
  }
  unobserve() {}
  disconnect() {}
}

beforeEach(() => {
  vi.stubGlobal('ResizeObserver', FakeObserver);
  vi.stubGlobal('requestAnimationFrame', (now: () => void) => (now(), 0));
});
afterEach(() => void vi.unstubAllGlobals());

function list(count: number, target: Target | null) {
  return (
    <LogList
      label="Lines"
      count={count}
      rowHeight={rowHeight}
      row={(index) => `line ${index}`}
      onView={() => {}}
      follow={false}
      onFollow={() => {}}
      target={target}
      search=""
    />
  );
}

test('a row that is there is gone to', async () => {
  render(list(1000, { row: 700, at: 1 }));
  expect(await screen.findByText('line 700')).toBeInTheDocument();
});

test('a row that is not known yet is gone to when it is', async () => {
  const wish = { row: 700, at: 1 };
  const { rerender } = render(list(500, wish));
  expect(await screen.findByText('line 499')).toBeInTheDocument();
  rerender(list(1000, wish));
  expect(await screen.findByText('line 700')).toBeInTheDocument();
});

test('a reader who goes elsewhere meanwhile stays there', async () => {
  const wish = { row: 700, at: 1 };
  const { rerender } = render(list(500, wish));
  await screen.findByText('line 499');
  const scroller = screen.getByRole('region', { name: 'Lines' });
  scroller.scrollTop = 0;
  fireEvent.scroll(scroller);
  rerender(list(1000, wish));
  expect(await screen.findByText('line 0')).toBeInTheDocument();
  expect(screen.queryByText('line 700')).toBeNull();
});
