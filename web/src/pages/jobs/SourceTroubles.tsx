import { Alert, Spoiler, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconFileAlert, IconHammer } from '@tabler/icons-react';
import { CodeBlock } from '~/parts/CodeBlock';
import type { Source } from './queries';

/** A module in C++ that is not there yet, which is no mistake of its author. */
function isBeingCompiled(error: Source['errors'][number]): boolean {
  return error.traceback.startsWith('Compiling:');
}

/** What of a source does not import, where its author looks for it, and what it warns of. */
export default function SourceTroubles({ source: { errors, warnings } }: { source: Source }) {
  const compiled = errors.filter(isBeingCompiled);
  const wrong = errors.filter((error) => !isBeingCompiled(error));
  return (
    <Stack gap="xs">
      {compiled.map(({ module }) => (
        <Alert key={module} color="blue" icon={<IconHammer aria-hidden />}>
          {module} is being compiled.
        </Alert>
      ))}
      {wrong.map((error) => (
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
