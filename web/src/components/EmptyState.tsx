import { Stack, Text, ThemeIcon, Title } from '@mantine/core';
import type { Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';

interface EmptyStateProps {
  icon: Icon;
  title: string;
  /** What to do next. */
  children: ReactNode;
}

/** Says that there is nothing, and what to do about it. */
export function EmptyState({ icon: IconOf, title, children }: EmptyStateProps) {
  return (
    <Stack align="center" gap="xs" py={44} px="md" ta="center">
      <ThemeIcon variant="light" size={44} radius="xl">
        <IconOf size={24} stroke={1.6} aria-hidden />
      </ThemeIcon>
      <Title order={2}>{title}</Title>
      <Text component="div" size="sm" c="dimmed" maw={560}>
        {children}
      </Text>
    </Stack>
  );
}
