/** The statuses of a run, in the order in which choices show them. How each looks: components/status.ts. */
import type { Schemas } from './client';

export type Status = Schemas['Status']['value'];

export const statuses: readonly Status[] = [
  'PENDING',
  'STARTED',
  'RETRY',
  'SUCCESS',
  'FAILURE',
  'REVOKED',
];
