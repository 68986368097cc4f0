import { Button, Group, Text, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { IconPower } from '@tabler/icons-react';
import { useJobChange } from '~/api/jobChanges';
import type { Job } from '~/api/queries';
import { JobTags } from '~/components/JobTags';
import { tellDone } from '~/components/notices';

/** Its name, what kind of job it is, and the switch that lets it run. */
export function JobHead({ job }: { job: Job }) {
  useDocumentTitle(`${job.name} · Windlass`);
  return (
    <Group justify="space-between" align="flex-start" gap="sm" mb="sm">
      <div style={{ minWidth: 0 }}>
        <Text size="sm" c="dimmed">
          {job.grouping}
        </Text>
        <Group gap="sm">
          <Title order={1}>{job.name}</Title>
          <JobTags job={job} />
        </Group>
      </div>
      <EnableControl job={job} />
    </Group>
  );
}

function EnableControl({ job }: { job: Job }) {
  const change = useJobChange();
  const enabled = !job.enabled;
  const done = () =>
    tellDone(enabled ? `${job.name} can be run now.` : `${job.name} cannot be run any more.`);
  return (
    <Button
      variant={job.enabled ? 'default' : 'filled'}
      leftSection={<IconPower size={15} aria-hidden />}
      loading={change.isPending}
      onClick={() => change.mutate({ job, patch: { enabled } }, { onSuccess: done })}
    >
      {enabled ? 'Enable' : 'Disable'}
    </Button>
  );
}
