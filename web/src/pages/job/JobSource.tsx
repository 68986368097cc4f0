import type { Job } from '~/api/queries';
import { JobSourceName } from '~/components/JobSourceName';
import { Panel } from '~/components/Panel';
import { Timestamp } from '~/components/Timestamp';
import { durationText } from '~/time/format';
import classes from '~/components/facts.module.css';

const limit = (seconds: number) => (seconds === 0 ? 'as set on the server' : durationText(seconds));

/** Where the class is written, in which version, and how long it may run. */
export function JobSource({ job }: { job: Job }) {
  return (
    <Panel title="Source">
      <dl className={classes.facts}>
        <dt>Class</dt>
        <dd>{job.class_path}</dd>
        <dt>File</dt>
        <dd>
          {job.file_path}
          {job.line > 0 && `, line ${job.line}`}
        </dd>
        <dt>From</dt>
        <dd>
          <JobSourceName source={job.source} />
        </dd>
        <dt>Version</dt>
        <dd style={{ fontFamily: 'var(--mantine-font-family-monospace)' }}>
          <span title={job.source_version}>{job.source_version.slice(0, 12) || '–'}</span>
        </dd>
        <dt>Changed</dt>
        <dd>
          <Timestamp value={job.last_updated} />
        </dd>
        <dt>Soft limit</dt>
        <dd>{limit(job.soft_time_limit)}</dd>
        <dt>Hard limit</dt>
        <dd>{limit(job.time_limit)}</dd>
      </dl>
    </Panel>
  );
}
