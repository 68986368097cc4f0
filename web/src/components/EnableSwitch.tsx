import type { Job } from '~/api/queries';
import classes from './EnableSwitch.module.css';

interface EnableSwitchProps {
  job: Job;
  onChange: (job: Job, enabled: boolean) => void;
}

/** Enables a job, or takes that back, in place. A plain element: there is one in each row of a list. */
export function EnableSwitch({ job, onChange }: EnableSwitchProps) {
  return (
    <input
      type="checkbox"
      role="switch"
      className={classes.switch}
      checked={job.enabled}
      disabled={!job.installed}
      aria-label={`${job.enabled ? 'Disable' : 'Enable'} ${job.name}`}
      title={job.enabled ? 'Enabled: it can be run' : 'Disabled: it cannot be run'}
      onChange={(event) => onChange(job, event.currentTarget.checked)}
    />
  );
}
