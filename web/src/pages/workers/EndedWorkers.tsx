import { Badge, Button } from '@mantine/core';
import { useState } from 'react';
import type { Schemas } from '~/api/client';
import { Panel } from '~/components/Panel';
import { PanelTable } from '~/components/PanelTable';
import { Timestamp } from '~/components/Timestamp';

/** Workers that ended: folded, because they matter only when one was lost. */
export function EndedWorkers({ workers }: { workers: readonly Schemas['Worker'][] }) {
  const [shown, setShown] = useState(false);
  if (workers.length === 0) return null;
  if (!shown) {
    return (
      <div>
        <Button variant="subtle" color="gray" onClick={() => setShown(true)}>
          Show {workers.length === 1 ? 'a worker that' : `${workers.length} workers that`} ended
        </Button>
      </div>
    );
  }
  return (
    <Panel title="Ended" flush>
      <PanelTable columns={['Worker', 'State', 'Started', 'Last seen']}>
        {workers.map((worker) => (
          <tr key={worker.id}>
            <td>{worker.name}</td>
            <td>
              <Badge color={worker.state === 'lost' ? 'red' : 'gray'}>{worker.state}</Badge>
            </td>
            <td>
              <Timestamp value={worker.started} absolute />
            </td>
            <td>
              <Timestamp value={worker.last_seen} absolute />
            </td>
          </tr>
        ))}
      </PanelTable>
    </Panel>
  );
}
