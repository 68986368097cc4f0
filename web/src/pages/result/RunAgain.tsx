import { ActionIcon, Button, Group, Menu } from '@mantine/core';
import { IconChevronDown, IconPencil, IconRefresh } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import { jobPath, resultPath } from '~/components/JobName';
import { tellDone, tellFailed } from '~/components/notices';
import { askRun, variablesOf } from '../job/jobQueries';
import { cannotRepeat } from './repeat';
import type { Run } from './useRun';

/** Runs the job again: with the same inputs, or from the form with them filled in. */
export function RunAgain({ run }: { run: Run }) {
  const [, go] = useLocation();
  const job = run.job_model;
  const form = job ? `${jobPath(job.class_path)}?_from=${run.id}` : '';
  const again = useMutation({
    mutationFn: async () => {
      const lacking = cannotRepeat(await variablesOf(run.task_name), run);
      if (lacking !== null) return { form: true as const, lacking };
      return askRun(run.task_name, { data: run.task_kwargs, job_queue: run.queue });
    },
    onSuccess: (done) => {
      if ('form' in done) {
        tellDone(done.lacking);
        go(form);
      } else {
        go(resultPath(done.job_result.id));
      }
    },
    onError: (error) => tellFailed('The job was not run', error),
  });
  if (job === null) return null;
  return (
    <Group gap={1} wrap="nowrap">
      <Button
        leftSection={<IconRefresh size={15} aria-hidden />}
        loading={again.isPending}
        onClick={() => again.mutate()}
        style={{ borderTopRightRadius: 0, borderBottomRightRadius: 0 }}
      >
        Run again
      </Button>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon
            variant="filled"
            color="iris"
            size={30}
            aria-label="More ways to run again"
            style={{ borderTopLeftRadius: 0, borderBottomLeftRadius: 0 }}
          >
            <IconChevronDown size={15} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconRefresh size={15} />} onClick={() => again.mutate()}>
            With the same inputs
          </Menu.Item>
          <Menu.Item leftSection={<IconPencil size={15} />} onClick={() => go(form)}>
            With changed inputs…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </Group>
  );
}
