import { Badge, Code, Group, Progress, Text } from '@mantine/core';
import { IconCpu } from '@tabler/icons-react';
import { Link } from 'wouter';
import type { Schemas } from '~/api/client';
import type { Summary } from '~/api/queries';
import { EmptyState } from '~/components/EmptyState';
import { Panel } from '~/components/Panel';
import { PanelTable } from '~/components/PanelTable';
import { Timestamp } from '~/components/Timestamp';

interface AliveWorkersProps {
  workers: readonly Schemas['Worker'][];
  summary: Summary | undefined;
}

export function AliveWorkers({ workers, summary }: AliveWorkersProps) {
  const running = new Map((summary?.workers ?? []).map((worker) => [worker.id, worker.running]));
  return (
    <Panel title="Workers" flush>
      {workers.length === 0 ? (
        <EmptyState icon={IconCpu} title="No worker runs">
          Runs wait until there is one. Start one where this home is: <Code>windlass worker</Code>,
          or <Code>windlass worker --queue NAME</Code> for certain queues.
        </EmptyState>
      ) : (
        <PanelTable columns={['Worker', 'State', 'Runs', 'Queues', 'Started', 'Last seen']}>
          {workers.map((worker) => (
            <tr key={worker.id}>
              <td>
                <Link
                  href={`/results?worker=${encodeURIComponent(worker.name)}`}
                  className="quiet-link"
                  style={{ fontWeight: 560 }}
                >
                  {worker.name}
                </Link>
                <Text size="xs" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
                  process {worker.pid} on {worker.hostname}
                </Text>
              </td>
              <td>
                <Badge color={worker.state === 'ready' ? 'teal' : 'orange'} miw="max-content">
                  {worker.state}
                </Badge>
              </td>
              <td>
                <Slots running={running.get(worker.id) ?? 0} slots={worker.slots} />
              </td>
              <td>
                <Queues names={worker.queues} />
              </td>
              <td>
                <Timestamp value={worker.started} />
              </td>
              <td>
                <Timestamp value={worker.last_seen} />
              </td>
            </tr>
          ))}
        </PanelTable>
      )}
    </Panel>
  );
}

function Slots({ running, slots }: { running: number; slots: number }) {
  return (
    <Group gap={8} wrap="nowrap">
      <Progress
        w={90}
        size={6}
        value={(100 * running) / Math.max(1, slots)}
        aria-label={`${running} of ${slots} slots in use`}
      />
      <Text size="xs" style={{ whiteSpace: 'nowrap' }}>
        {running} of {slots}
      </Text>
    </Group>
  );
}

/** A field of JSON: names of queues, or "*" for all. */
function Queues({ names }: { names: unknown }) {
  const list = Array.isArray(names) ? names.map(String) : [];
  return (
    <Group gap={4}>
      {list.map((name) => (
        <Badge key={name} color="gray" miw="max-content">
          {name === '*' ? 'every queue' : name}
        </Badge>
      ))}
    </Group>
  );
}
