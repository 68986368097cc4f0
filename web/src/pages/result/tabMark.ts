/** How a run looks in the browser's tab: its title and its icon. */
import type { Progress } from './liveRun';

const marks: Readonly<Record<string, { sign: string; color: string }>> = {
  PENDING: { sign: '…', color: '#8b8b84' },
  STARTED: { sign: '▶', color: '#2b8be0' },
  RETRY: { sign: '↻', color: '#d98a1f' },
  SUCCESS: { sign: '✓', color: '#2e9e63' },
  FAILURE: { sign: '✗', color: '#d63d45' },
  REVOKED: { sign: '⊘', color: '#94709f' },
};

export function tabTitle(name: string, status: string, progress: Progress | null): string {
  const sign = marks[status]?.sign ?? '';
  const part = progress?.done != null && progress.total ? progress.done / progress.total : null;
  const percent = status === 'STARTED' && part !== null ? ` ${Math.floor(part * 100)}%` : '';
  return `${sign}${percent} ${name} · Windlass`;
}

/** An icon as an address: a disc in the status's colour, with the sign of an end. */
export function tabIcon(status: string): string {
  const { color } = marks[status] ?? marks.PENDING!;
  const paths: Record<string, string> = {
    SUCCESS: 'M9 16.5l5 5 9-10',
    FAILURE: 'M10.5 10.5l11 11m0-11l-11 11',
    REVOKED: 'M10 16h12',
    STARTED: 'M13 10l9 6-9 6z',
  };
  const sign = paths[status]
    ? `<path d="${paths[status]}" fill="none" stroke="#fff" stroke-width="3.4" stroke-linecap="round" stroke-linejoin="round"/>`
    : '';
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><circle cx="16" cy="16" r="15" fill="${color}"/>${sign}</svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
