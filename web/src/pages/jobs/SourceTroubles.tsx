import { Alert, Spoiler, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconFileAlert } from '@tabler/icons-react';
import { CodeBlock } from '~/parts/CodeBlock';
import type { Source } from './queries';

/** What of a source does not import, where its author looks for it, and what it warns of. */
export default function SourceTroubles({ source: { errors, warnings } }: { source: Source }) {
  return (
    <Stack gap="xs">
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
