import { Button, Menu, Text } from '@mantine/core';
import { IconDots, IconEye, IconPencil, IconRefresh, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useLocation } from 'wouter';
import type { Repository } from '~/api/queries';
import ConfirmDialog from '~/parts/ConfirmDialog';
import { tellDone } from '~/components/notices';
import { RepositoryDrawer } from '~/pages/repositories/RepositoryDrawer';
import { useDryRun, useRemove, useSync } from '~/pages/repositories/repositoryCalls';
import { stateOf } from '~/pages/repositories/states';

/** What can be done with a repository. */
export function Actions({ repository }: { repository: Repository }) {
  const [asked, setAsked] = useState<'edit' | 'remove' | null>(null);
  const [, go] = useLocation();
  const sync = useSync({ opens: false });
  const dryRun = useDryRun();
  const remove = useRemove(() => go('/repositories'));
  const close = () => setAsked(null);
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconEye size={15} aria-hidden />}
        loading={dryRun.isPending}
        onClick={() => dryRun.mutate(repository)}
      >
        Dry run
      </Button>
      <Button
        leftSection={<IconRefresh size={15} aria-hidden />}
        loading={sync.isPending}
        disabled={stateOf(repository) === 'syncing'}
        onClick={() => sync.mutate(repository)}
      >
        Sync
      </Button>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" px={9} aria-label={`More for ${repository.name}`}>
            <IconDots size={16} aria-hidden />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconPencil size={15} />} onClick={() => setAsked('edit')}>
            Edit
          </Menu.Item>
          <Menu.Item
            color="red"
            leftSection={<IconTrash size={15} />}
            onClick={() => setAsked('remove')}
          >
            Remove
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <RepositoryDrawer
        opened={asked === 'edit'}
        repository={repository}
        onClose={close}
        onSaved={(changed) => {
          close();
          tellDone(`${changed.name} was changed. The next sync goes by it.`);
        }}
      />
      <ConfirmDialog
        opened={asked === 'remove'}
        title={`Remove ${repository.name}?`}
        action="Remove the repository"
        busy={remove.isPending}
        onConfirm={() => remove.mutate(repository)}
        onClose={close}
      >
        <Text size="sm">
          Its jobs cannot be run any more; runs under way end as they are. Results and logs stay,
          and so does the repository itself at {repository.remote_url}.
        </Text>
      </ConfirmDialog>
    </>
  );
}
