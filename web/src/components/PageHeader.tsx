import { Group, Stack, Text, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { ReactNode } from 'react';

interface PageHeaderProps {
  title: string;
  /** One line below the title. */
  about?: ReactNode;
  /** What can be done here: buttons on the right. */
  children?: ReactNode;
}

/** The head of a page; also names the browser's tab. */
export function PageHeader({ title, about, children }: PageHeaderProps) {
  useDocumentTitle(`${title} · Windlass`);
  return (
    <Group justify="space-between" align="flex-start" gap="sm" mb="md">
      <Stack gap={2} style={{ minWidth: 0 }}>
        <Title order={1}>{title}</Title>
        {about !== undefined && (
          <Text component="div" size="sm" c="dimmed">
            {about}
          </Text>
        )}
      </Stack>
      <Group gap="xs">{children}</Group>
    </Group>
  );
}
