import { Badge, Button, Group, Text, Title, Tooltip } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { IconPower } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, orThrow } from '~/api/client';
import { keys, type Job } from '~/api/queries';
import { tellDone, tellFailed } from '~/components/notices';

const tags: { of: (job: Job) => boolean; word: string; meaning: string }[] = [
  { of: (job) => job.read_only, word: 'Read only', meaning: 'Says that it changes nothing' },
  { of: (job) => job.supports_dryrun, word: 'Dry run', meaning: 'Can show what it would do' },
  { of: (job) => job.is_singleton, word: 'Singleton', meaning: 'One run at a time' },
  {
    of: (job) => job.has_sensitive_variables,
    word: 'Secret inputs',
    meaning: 'Inputs are sealed, never shown, and wiped after the last attempt',
  },
  { of: (job) => job.approval_required, word: 'Approval', meaning: 'A second user must approve' },
  { of: (job) => job.hidden, word: 'Hidden', meaning: 'Left out of lists' },
  { of: (job) => !job.installed, word: 'Not installed', meaning: 'No file has this class now' },
];

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
          {tags
            .filter((tag) => tag.of(job))
            .map((tag) => (
              <Tooltip key={tag.word} label={tag.meaning}>
                <Badge color="gray" tabIndex={0}>
                  {tag.word}
                </Badge>
              </Tooltip>
            ))}
        </Group>
      </div>
      <EnableControl job={job} />
    </Group>
  );
}

function EnableControl({ job }: { job: Job }) {
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: (enabled: boolean) =>
      orThrow(
        api.PATCH('/api/extras/jobs/{job}/', {
          params: { path: { job: job.class_path } },
          body: { enabled },
        }),
      ),
    onSuccess: (_, enabled) => {
      tellDone(enabled ? `${job.name} can be run now.` : `${job.name} cannot be run any more.`);
      return client.invalidateQueries({ queryKey: keys.jobs });
    },
    onError: (error) => tellFailed('The job was not changed', error),
  });
  return (
    <Button
      variant={job.enabled ? 'default' : 'filled'}
      leftSection={<IconPower size={15} aria-hidden />}
      loading={change.isPending}
      onClick={() => change.mutate(!job.enabled)}
    >
      {job.enabled ? 'Disable' : 'Enable'}
    </Button>
  );
}
