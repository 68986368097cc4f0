import { ActionIcon, Avatar, Menu, Text, VisuallyHidden } from '@mantine/core';
import { IconBook2, IconKey, IconLogout } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from 'wouter';
import { sessionQuery } from '~/api/queries';
import { signOut } from '~/api/session';
import { tellFailed } from '~/components/notices';
import { SchemeChoice } from './SchemeChoice';

export function UserMenu() {
  const client = useQueryClient();
  const session = useQuery(sessionQuery).data;
  const name = session?.user?.display || session?.user?.username || '';
  async function leave() {
    const answered = await signOut();
    if (!answered.ok) return tellFailed('You are still signed in', answered.problem);
    client.clear();
    location.assign('/sign-in');
  }
  return (
    <Menu position="bottom-end" width={230} trapFocus>
      <Menu.Target>
        <ActionIcon size={34} radius="xl">
          <Avatar size={28} name={name} color="iris" component="span" />
          <VisuallyHidden>Account: {name}</VisuallyHidden>
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text size="sm" fw={600} c="var(--mantine-color-text)">
            {name}
          </Text>
          Windlass {session?.version}
        </Menu.Label>
        <div style={{ padding: '4px 8px 8px' }}>
          <SchemeChoice fullWidth />
        </div>
        <Menu.Divider />
        <Menu.Item component={Link} href="/settings#account" leftSection={<IconKey size={16} />}>
          Password and tokens
        </Menu.Item>
        <Menu.Item component="a" href="/api/docs/" leftSection={<IconBook2 size={16} />}>
          API documentation
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => void leave()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
