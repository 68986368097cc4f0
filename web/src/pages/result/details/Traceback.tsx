import { Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, orThrow, type Schemas } from '~/api/client';
import { keys } from '~/api/queries';
import { Panel } from '~/components/Panel';
import { Segments } from '~/components/Segments';
import { Copy } from './Copy';
import classes from './Details.module.css';

type Frame = Schemas['Traceback']['frames'][number];

/** Where the job failed: with the lines of the code that ran, or as Python wrote it. */
export function Traceback({ id, text }: { id: string; text: string }) {
  const [form, setForm] = useState('source');
  const told = useQuery({
    queryKey: [...keys.result(id), 'traceback'],
    queryFn: ({ signal }) =>
      orThrow(
        api.GET('/api/extras/job-results/{id}/traceback/', { params: { path: { id } }, signal }),
      ),
    staleTime: Infinity,
  });
  const frames = told.data?.frames ?? [];
  const withSource = frames.length > 0 && form === 'source';
  return (
    <Panel
      title="Traceback"
      flush
      aside={
        <Group gap="xs" wrap="nowrap">
          {frames.length > 0 && (
            <Segments
              label="Form of the traceback"
              value={form}
              onChange={setForm}
              choices={[
                { value: 'source', label: 'With source' },
                { value: 'text', label: 'Text' },
              ]}
            />
          )}
          <Copy value={text} />
        </Group>
      }
    >
      {withSource ? (
        <>
          <div className={classes.exception}>{told.data?.exception}</div>
          {[...frames].reverse().map((frame, place) => (
            <FrameView key={place} frame={frame} />
          ))}
        </>
      ) : (
        <pre className={classes.raw} tabIndex={0} aria-label="Traceback">
          {text}
        </pre>
      )}
    </Panel>
  );
}

function FrameView({ frame }: { frame: Frame }) {
  return (
    <>
      <div className={classes.frame}>
        <Text span inherit fw={600}>
          {frame.function}
        </Text>{' '}
        <Text span inherit c="dimmed">
          {frame.file}, line {frame.line}
        </Text>
      </div>
      {frame.source.length > 0 && (
        <pre className={classes.source} tabIndex={0} aria-label={`Source of ${frame.function}`}>
          {frame.source.map(({ line, text }) => (
            <code
              key={line}
              className={classes.sourceLine}
              data-here={line === frame.line || undefined}
            >
              <span className={classes.sourceNumber}>{line}</span>
              {text}
            </code>
          ))}
        </pre>
      )}
    </>
  );
}
