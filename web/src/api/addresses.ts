/**
 * What the first requests of a page ask for. They begin before anything else is loaded (early.ts), so
 * this file imports nothing; the queries ask for the same, and find the answer under way.
 */
export const largestPage = 1000;

export const sessionAddress = '/api/session/';
export const preferencesAddress = '/api/users/preferences/';
export const summaryAddress = '/api/extras/summary/';
export const jobsAddress = '/api/extras/jobs/';
export const resultsAddress = '/api/extras/job-results/';

export function summarySearch(): string {
  return `utc_offset=${-new Date().getTimezoneOffset()}&days=14`;
}

/** A page of all jobs, or of the hidden ones. */
export function jobsSearch(hidden: boolean, offset = 0): string {
  return `limit=${largestPage}&offset=${offset}&hidden=${hidden}&render=html`;
}
