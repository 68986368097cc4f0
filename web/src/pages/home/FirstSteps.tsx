import { Text, Timeline } from '@mantine/core';
import { IconCheck, IconPlayerPlay, IconToggleRight } from '@tabler/icons-react';
import { Link } from 'wouter';
import type { Job } from '~/api/queries';
import { JobName } from '~/components/JobName';
import { Panel } from '~/components/Panel';
import { isAuthored } from '~/pages/jobs/groups';
import NoJobs from '~/pages/jobs/NoJobs';

/** What to do in a new Windlass, where nothing has run yet. */
export function FirstSteps({ jobs }: { jobs: readonly Job[] }) {
  const found = jobs.filter((job) => job.installed && isAuthored(job));
  if (found.length === 0) {
    return (
      <Panel>
        <NoJobs path={undefined} />
      </Panel>
    );
  }
  const enabled = found.find((job) => job.enabled);
  return (
    <Panel title="First steps">
      <Timeline active={enabled === undefined ? 0 : 1} bulletSize={26} lineWidth={2} color="iris">
        <Timeline.Item bullet={<IconCheck size={14} />} title="Jobs were found">
          <Text size="sm" c="dimmed">
            {found.length === 1 ? 'There is one job' : `There are ${found.length} jobs`} in your
            files. <Link href="/jobs">Look at them</Link>
          </Text>
        </Timeline.Item>
        <Timeline.Item bullet={<IconToggleRight size={14} />} title="Enable one">
          <Text size="sm" c="dimmed">
            A job may be run when somebody has enabled it, with the switch{' '}
            <Link href="/jobs">beside its name</Link> or on its own page.
          </Text>
        </Timeline.Item>
        <Timeline.Item bullet={<IconPlayerPlay size={14} />} title="Run it">
          <Text size="sm" c="dimmed">
            {enabled === undefined ? (
              'Its name opens its form; the log shows live.'
            ) : (
              <>
                Open <JobName name={enabled.name} classPath={enabled.class_path} /> and press Run
                job.
              </>
            )}
          </Text>
        </Timeline.Item>
      </Timeline>
    </Panel>
  );
}
