import { act, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { renderPage } from '~/testing/render';
import { Duration } from './Duration';
import { Timestamp } from './Timestamp';

beforeEach(() => vi.useFakeTimers({ now: new Date('2026-11-24T12:00:00Z') }));
afterEach(() => void vi.useRealTimers());

const pass = (seconds: number) => act(() => vi.advanceTimersByTime(seconds * 1000));

test('a relative time moves with the clock', async () => {
  renderPage(<Timestamp value="2026-11-24T11:59:40Z" />);
  expect(screen.getByText('20 s ago')).toHaveAttribute('datetime', '2026-11-24T11:59:40Z');
  await pass(61);
  expect(screen.getByText('1 min ago')).toBeInTheDocument();
});

test('what lasts counts on, what has ended does not', async () => {
  const started = '2026-11-24T11:59:50Z';
  renderPage(
    <>
      <Duration started={started} done={null} />
      <Duration started={started} done="2026-11-24T11:59:53.500Z" />
      <Duration started={null} done={null} />
    </>,
  );
  expect(screen.getByText('10 s')).toBeInTheDocument();
  await pass(5);
  expect(screen.getByText('15 s')).toBeInTheDocument();
  expect(screen.getByText('3.5 s')).toBeInTheDocument();
  expect(screen.getByText('–')).toBeInTheDocument();
});
