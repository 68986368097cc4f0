import { Alert, Button, Group, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { asProblem } from '~/api/problem';

interface ErrorStateProps {
  error: unknown;
  /** What could not be done: "The jobs cannot be shown". */
  title: string;
  retry?: () => void;
}

/** Says what went wrong, and offers to try again. */
export function ErrorState({ error, title, retry }: ErrorStateProps) {
  return (
    <Alert color="red" icon={<IconAlertTriangle aria-hidden />} title={title} role="alert">
      <Group justify="space-between">
        <Text size="sm">{asProblem(error).detail}</Text>
        {retry !== undefined && (
          <Button variant="default" onClick={retry}>
            Try again
          </Button>
        )}
      </Group>
    </Alert>
  );
}
