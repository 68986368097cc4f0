import { Alert } from '@mantine/core';
import { IconAlertTriangle, IconPower } from '@tabler/icons-react';
import type { Job } from '~/api/queries';
import { JobSourceName } from '~/components/JobSourceName';
import classes from './Job.module.css';

/** What keeps the job from running, or runs it otherwise than its author thinks. */
export function JobNotes({ job }: { job: Job }) {
  const warn = <IconAlertTriangle aria-hidden />;
  return (
    <>
      {!job.installed && (
        <Alert color="orange" mb="md" icon={warn} title="Its class is gone">
          No module registers {job.class_path} any more. Bring it back, or delete this record. It
          came from: <JobSourceName source={job.source} />.
        </Alert>
      )}
      {job.installed && !job.enabled && (
        <Alert color="gray" mb="md" icon={<IconPower aria-hidden />} title="Not enabled">
          New jobs are off until somebody has looked at them. Enable it to run it, here or with{' '}
          <code>windlass jobs enable {job.class_path}</code>.
        </Alert>
      )}
      {job.import_error !== '' && (
        <Alert color="red" mb="md" icon={warn} title="The newest code does not import">
          <p style={{ margin: '0 0 8px' }}>
            The last version that did goes on running. Correct {job.file_path}; the next run takes
            it.
          </p>
          <pre className={classes.code} tabIndex={0} aria-label="Traceback of the import">
            {job.import_error}
          </pre>
        </Alert>
      )}
      {job.warning !== '' && (
        <Alert color="orange" mb="md" icon={warn} title="Its author should look at this">
          <span style={{ whiteSpace: 'pre-line' }}>{job.warning}</span>
        </Alert>
      )}
    </>
  );
}
