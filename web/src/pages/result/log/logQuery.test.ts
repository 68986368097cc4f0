import { describe, expect, it } from 'vitest';
import { downloadPath, filterQuery, isCounted, isFiltered, noFilter } from './logQuery';
import { pageOf } from './LogRow';

describe('the filter of a log', () => {
  it('asks for every level that a choice covers', () => {
    const query = filterQuery({ ...noFilter, levels: ['warning', 'error'] });
    expect(query.getAll('log_level')).toEqual(['warning', 'failure', 'error', 'critical']);
  });

  it('is counted by the result only where levels alone are chosen', () => {
    expect(isFiltered(noFilter)).toBe(false);
    expect(isCounted({ ...noFilter, levels: ['info'] })).toBe(true);
    expect(isFiltered({ ...noFilter, levels: ['info'] })).toBe(true);
    for (const part of [{ grouping: 'x' }, { search: 'x' }, { attempt: 1 }]) {
      expect(isCounted({ ...noFilter, ...part })).toBe(false);
      expect(isFiltered({ ...noFilter, ...part })).toBe(true);
    }
  });

  it('goes with the download', () => {
    expect(downloadPath('1', noFilter)).toBe('/api/extras/job-results/1/logs/download/');
    const filter = { ...noFilter, search: 'a b', grouping: 'run', attempt: 2 };
    expect(downloadPath('1', filter, true)).toBe(
      '/api/extras/job-results/1/logs/download/?grouping=run&q=a+b&attempt=2&format=csv',
    );
  });
});

describe('what an entry is about', () => {
  const id = '01a20ec2-a12a-76d5-b4d6-b849442721ad';

  it('leads to a page of ours', () => {
    expect(pageOf(`/extras/jobs/${id}/`)).toBe(`/jobs/${id}`);
    expect(pageOf(`/extras/job-results/${id}/`)).toBe(`/results/${id}`);
  });

  it('leads nowhere else', () => {
    expect(pageOf('javascript:alert(1)')).toBeNull();
    expect(pageOf('/dcim/devices/1/')).toBeNull();
    expect(pageOf('')).toBeNull();
  });
});
