import { Anchor, Code, Text } from '@mantine/core';
import { Link } from 'wouter';
import type { Summary } from '~/api/queries';
import { countText } from '~/components/counts';
import { Panel } from '~/components/Panel';
import { PanelTable } from '~/components/PanelTable';
import classes from '~/components/table.module.css';

/** Queues, and how many work on them. */
export function PlacesPanel({ summary }: { summary: Summary }) {
  return (
    <Panel
      title="Queues"
      aside={
        <Anchor component={Link} size="sm" href="/workers">
          Workers
        </Anchor>
      }
      flush
    >
      {summary.workers.length === 0 && (
        <Text size="sm" c="var(--status-failure)" px="md" pt="sm">
          No worker runs, so nothing can. Start one: <Code>windlass worker</Code>
        </Text>
      )}
      <PanelTable
        columns={['Queue', { number: 'Waiting' }, { number: 'Running' }, { number: 'Workers' }]}
      >
        {summary.queues.map((queue) => (
          <tr key={queue.id}>
            <td>
              <Link
                href={`/results?queue=${encodeURIComponent(queue.name)}`}
                className="quiet-link"
              >
                {queue.name}
              </Link>
            </td>
            <td className={classes.number}>{countText(queue.waiting)}</td>
            <td className={classes.number}>{countText(queue.running)}</td>
            <td
              className={classes.number}
              style={{ color: queue.workers === 0 ? 'var(--status-failure)' : undefined }}
            >
              {queue.workers}
            </td>
          </tr>
        ))}
      </PanelTable>
    </Panel>
  );
}
