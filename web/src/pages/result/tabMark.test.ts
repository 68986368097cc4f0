import { describe, expect, it } from 'vitest';
import { tabIcon, tabTitle } from './tabMark';

describe('the tab of a run', () => {
  it('tells how far it is, then how it ended', () => {
    expect(tabTitle('Sync', 'STARTED', null)).toBe('▶ Sync · Windlass');
    expect(tabTitle('Sync', 'STARTED', { done: 199, total: 200, message: '' })).toBe(
      '▶ 99% Sync · Windlass',
    );
    expect(tabTitle('Sync', 'STARTED', { done: 3, total: null, message: '' })).toBe(
      '▶ Sync · Windlass',
    );
    expect(tabTitle('Sync', 'FAILURE', { done: 1, total: 2, message: '' })).toBe(
      '✗ Sync · Windlass',
    );
  });

  it('has another icon for each end', () => {
    const icons = ['PENDING', 'STARTED', 'RETRY', 'SUCCESS', 'FAILURE', 'REVOKED'].map(tabIcon);
    expect(new Set(icons).size).toBe(6);
    for (const icon of icons) expect(icon).toMatch(/^data:image\/svg\+xml,/);
  });
});
