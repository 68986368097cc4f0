import { Group, Stack, Text } from '@mantine/core';
import { useEffect } from 'react';
import { PageHeader } from '~/components/PageHeader';
import { Panel } from '~/components/Panel';
import { SchemeChoice } from '~/shell/SchemeChoice';
import { PasswordPanel } from './PasswordPanel';
import { ServerPanel } from './ServerPanel';
import { TokensPanel } from './TokensPanel';

/** How it looks, one's own account, and the server's settings with where each comes from. */
export default function Settings() {
  useEffect(() => {
    document.getElementById(window.location.hash.slice(1))?.scrollIntoView();
  }, []);
  return (
    <>
      <PageHeader title="Settings" about="Your account, and how the server is set." />
      <Stack gap="md" maw={1000}>
        <Panel title="Appearance">
          <Group justify="space-between">
            <Text size="sm" c="dimmed">
              Auto follows your system. Kept in this browser.
            </Text>
            <SchemeChoice />
          </Group>
        </Panel>
        <div id="account" style={{ scrollMarginTop: 64 }}>
          <TokensPanel />
        </div>
        <PasswordPanel />
        <ServerPanel />
      </Stack>
    </>
  );
}
