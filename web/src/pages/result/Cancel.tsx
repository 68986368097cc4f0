import { Button, Group, Modal, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlayerStop } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, orThrow } from '~/api/client';
import { keys } from '~/api/queries';
import { tellFailed } from '~/components/notices';
import type { Run } from './useRun';

/** Cancels a run, once what that means was read. */
export function Cancel({ run }: { run: Run }) {
  const [opened, { open, close }] = useDisclosure(false);
  const client = useQueryClient();
  const waits = run.status.value !== 'STARTED';
  const cancel = useMutation({
    mutationFn: () =>
      orThrow(
        api.POST('/api/extras/job-results/{id}/cancel/', { params: { path: { id: run.id } } }),
      ),
    onError: (error) => tellFailed('The run was not cancelled', error),
    onSettled: () => {
      close();
      void client.invalidateQueries({ queryKey: keys.result(run.id) });
    },
  });
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconPlayerStop size={15} aria-hidden />}
        onClick={open}
        disabled={run.cancel_requested_at !== null}
      >
        Cancel
      </Button>
      <Modal opened={opened} onClose={close} title={`Cancel ${run.name}?`}>
        <Text size="sm">
          {waits
            ? 'It has not begun, or waits for another attempt: it will not run.'
            : 'The job is asked to stop and can tidy up. If it does not end in time, it is ended, ' +
              'together with every process that it started.'}
        </Text>
        <Text size="sm" mt="xs" fw={560}>
          {waits && run.attempt === 0
            ? 'Nothing was done that would have to be undone.'
            : 'What the job has changed already stays changed: nothing is undone.'}
        </Text>
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={close} data-autofocus>
            Let it run
          </Button>
          <Button color="red" loading={cancel.isPending} onClick={() => cancel.mutate()}>
            Cancel the run
          </Button>
        </Group>
      </Modal>
    </>
  );
}
