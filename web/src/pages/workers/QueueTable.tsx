import { Code, Text } from '@mantine/core';
import { Link } from 'wouter';
import type { Summary } from '~/api/queries';
import { countText } from '~/components/counts';
import { Panel } from '~/components/Panel';
import { PanelTable } from '~/components/PanelTable';
import classes from '~/components/table.module.css';

export function QueueTable({ queues }: { queues: Summary['queues'] }) {
  return (
    <Panel title="Queues" flush>
      <PanelTable
        columns={['Queue', { number: 'Waiting' }, { number: 'Running' }, { number: 'Workers' }]}
      >
        {queues.map((queue) => {
          const of = `/results?queue=${encodeURIComponent(queue.name)}`;
          return (
            <tr key={queue.id}>
              <td>
                <Link href={of} className="quiet-link" style={{ fontWeight: 560 }}>
                  {queue.name}
                </Link>
                {queue.workers === 0 && (
                  <Text size="xs" c="var(--status-failure)">
                    Nobody serves it. <Code>windlass worker --queue {queue.name}</Code>
                  </Text>
                )}
              </td>
              <td className={classes.number}>
                <Link href={`${of}&status=PENDING&status=RETRY`} className="quiet-link">
                  {countText(queue.waiting)}
                </Link>
              </td>
              <td className={classes.number}>
                <Link href={`${of}&status=STARTED`} className="quiet-link">
                  {countText(queue.running)}
                </Link>
              </td>
              <td className={classes.number}>{queue.workers}</td>
            </tr>
          );
        })}
      </PanelTable>
    </Panel>
  );
}
