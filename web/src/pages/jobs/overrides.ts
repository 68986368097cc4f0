/** The fields of a job that may be overridden, as the form shows them, and the patch it sends. */
import type { JobPatch } from '~/api/jobChanges';
import type { Job } from '~/api/queries';

export const textFields = ['name', 'grouping', 'description'] as const;
export const numberFields = ['soft_time_limit', 'time_limit'] as const;
export const flagFields = [
  'hidden',
  'approval_required',
  'has_sensitive_variables',
  'is_singleton',
  'dryrun_default',
  'console_log_default',
] as const;

export type OverrideField =
  (typeof textFields)[number] | (typeof numberFields)[number] | (typeof flagFields)[number];

export const overrideFields: readonly OverrideField[] = [
  ...textFields,
  ...numberFields,
  ...flagFields,
];

export const fieldTexts: Record<OverrideField, { label: string; help: string }> = {
  name: { label: 'Name', help: 'Unique among all jobs.' },
  grouping: { label: 'Grouping', help: 'The heading that it stands under.' },
  description: { label: 'Description', help: 'Markdown; the first line shows in lists.' },
  soft_time_limit: {
    label: 'Soft time limit',
    help: 'Seconds until SoftTimeLimitExceeded is raised in the job; 0: as set for the server.',
  },
  time_limit: {
    label: 'Time limit',
    help: 'Seconds until the run is killed; 0: as set for the server.',
  },
  hidden: { label: 'Hidden', help: 'Left out of lists unless asked for.' },
  approval_required: {
    label: 'Approval required',
    help: 'Somebody else has to approve each run.',
  },
  has_sensitive_variables: {
    label: 'Sensitive inputs',
    help: 'Inputs are sealed, never shown, and wiped after the last attempt.',
  },
  is_singleton: { label: 'One at a time', help: 'A second simultaneous run is refused.' },
  dryrun_default: { label: 'Dry run by default', help: 'What the form begins with.' },
  console_log_default: { label: 'Keep console lines', help: 'What the job prints is kept.' },
};

export type OverrideValues = Pick<Job, OverrideField>;

export function valuesOf(job: Job): OverrideValues {
  return Object.fromEntries(overrideFields.map((field) => [field, job[field]])) as OverrideValues;
}

export function isOverridden(job: Job, field: OverrideField): boolean {
  return job[`${field}_override`];
}

/** Only what differs from the record: a field that is sent becomes an override. */
export function patchOf(job: Job, values: OverrideValues): JobPatch {
  return Object.fromEntries(
    overrideFields
      .filter((field) => values[field] !== job[field])
      .map((field) => [field, values[field]]),
  );
}

/** Gives a field back to the class. */
export function resetOf(field: OverrideField): JobPatch {
  return { [`${field}_override`]: false };
}
