import { Text } from '@mantine/core';
import type { Summary } from '~/api/queries';
import { countText } from '~/components/counts';
import { JobName } from '~/components/JobName';
import { Panel } from '~/components/Panel';
import { PanelTable } from '~/components/PanelTable';
import classes from '~/components/table.module.css';
import { durationText } from '~/time/format';

export function BusiestPanel({ jobs }: { jobs: Summary['busiest_jobs'] }) {
  return (
    <Panel title="Busiest jobs of the last 7 days" flush>
      {jobs.length === 0 ? (
        <Text size="sm" c="dimmed" p="md">
          Nothing ran in the last 7 days.
        </Text>
      ) : (
        <PanelTable
          columns={['Job', { number: 'Runs' }, { number: 'Failed' }, { number: 'Median' }]}
        >
          {jobs.map((job) => (
            <tr key={job.id}>
              <td>
                <JobName name={job.name} classPath={job.class_path} />
              </td>
              <td className={classes.number}>{countText(job.runs)}</td>
              <td
                className={classes.number}
                style={{ color: job.failures > 0 ? 'var(--status-failure)' : undefined }}
              >
                {countText(job.failures)}
              </td>
              <td className={classes.number}>
                {job.median_duration === null ? '–' : durationText(job.median_duration)}
              </td>
            </tr>
          ))}
        </PanelTable>
      )}
    </Panel>
  );
}
