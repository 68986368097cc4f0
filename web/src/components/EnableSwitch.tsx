import { Switch } from '@mantine/core';
import { useJobChange } from '~/api/jobChanges';
import type { Job } from '~/api/queries';

/** Enables a job, or takes that back, in place. */
export function EnableSwitch({ job, label }: { job: Job; label?: string }) {
  const change = useJobChange();
  const does = job.enabled ? 'Disable' : 'Enable';
  return (
    <Switch
      size="sm"
      checked={job.enabled}
      disabled={!job.installed}
      label={label}
      aria-label={label === undefined ? `${does} ${job.name}` : undefined}
      onChange={(event) => change.mutate({ job, patch: { enabled: event.currentTarget.checked } })}
    />
  );
}
