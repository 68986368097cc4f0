import { Alert, Group, Spoiler, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconFileAlert } from '@tabler/icons-react';
import { CodeBlock } from '~/components/CodeBlock';
import { JobSourceName } from '~/components/JobSourceName';
import type { Source } from './queries';

interface SourceHeadProps {
  name: string;
  source: Source | undefined;
  /** Whether the name is shown: with one source alone it says nothing. */
  named: boolean;
}

/** The head of a source: what does not import, where its author looks for it. */
export function SourceHead({ name, source, named }: SourceHeadProps) {
  const errors = source?.errors ?? [];
  const warnings = source?.warnings ?? [];
  if (!named && errors.length === 0 && warnings.length === 0) return null;
  return (
    <Stack gap="xs">
      {named && (
        <Group gap="xs">
          <Title order={2}>
            <JobSourceName source={name} />
          </Title>
          <Text size="xs" c="dimmed" ff="monospace">
            {source?.path} {source?.version.slice(0, 10)}
          </Text>
        </Group>
      )}
      {errors.map((error) => (
        <Alert
          key={error.module}
          color="red"
          icon={<IconFileAlert aria-hidden />}
          title={`${error.module} does not import`}
        >
          <Text size="sm" ff="monospace" mb="xs" style={{ overflowWrap: 'anywhere' }}>
            {error.file}
            {error.line ? `:${error.line}` : ''}
          </Text>
          <Spoiler maxHeight={150} showLabel="Show the whole traceback" hideLabel="Show less">
            <CodeBlock text={error.traceback} label={`Traceback of ${error.module}`} />
          </Spoiler>
          <Text size="xs" c="dimmed" mt={6}>
            Save the file again when it is mended: it is read anew at once. Jobs that imported
            before go on with their last good version.
          </Text>
        </Alert>
      ))}
      {warnings.map((warning) => (
        <Alert key={warning} color="yellow" icon={<IconAlertTriangle aria-hidden />}>
          {warning}
        </Alert>
      ))}
    </Stack>
  );
}
