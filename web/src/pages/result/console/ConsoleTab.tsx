import { IconTerminal2 } from '@tabler/icons-react';
import { useState } from 'react';
import { api, orThrow } from '~/api/client';
import { EmptyState } from '~/components/EmptyState';
import { ErrorState } from '~/components/ErrorState';
import type { ConsoleEvent } from '../liveRun';
import { LogList } from '../log/LogList';
import { RowTime, WaitingRow } from '../log/LogRow';
import tab from '../log/LogTab.module.css';
import { useLiveWindow } from '../log/useLiveWindow';
import type { RunFeed } from '../runFeed';
import { spansOf } from './ansi';
import classes from './Console.module.css';

interface ConsoleTabProps {
  id: string;
  feed: RunFeed;
  ended: boolean;
}

async function readConsole(id: string, offset: number, limit: number, signal: AbortSignal) {
  const query = { job_result: id, offset, limit };
  const page = await orThrow(
    api.GET('/api/extras/job-console-entries/', { params: { query }, signal }),
  );
  return page.results;
}

/** What the run and its programs wrote to their standard output and error. */
export function ConsoleTab({ id, feed, ended }: ConsoleTabProps) {
  const [follow, setFollow] = useState(!ended);
  const log = useLiveWindow<ConsoleEvent>(feed, {
    load: (offset, limit, signal) => readConsole(id, offset, limit, signal),
    count: (state) => state.consoleCount,
    select: (batch) => batch.console,
  });
  if (log.count === 0 && log.failure === null) {
    return (
      <EmptyState icon={IconTerminal2} title={ended ? 'No output' : 'No output yet'}>
        What the job prints, and what programs that it starts write, appears here.
      </EmptyState>
    );
  }
  return (
    <div className={`${tab.tab} ${classes.tab}`}>
      <div className={tab.body}>
        <LogList
          label="Console output"
          count={log.count}
          rowHeight={22}
          row={(index) => <ConsoleRow entry={log.row(index)} index={index} />}
          onView={(first, last) => log.want(first, last)}
          follow={follow}
          onFollow={setFollow}
          target={null}
        />
        {log.failure !== null && (
          <div className={tab.failure}>
            <ErrorState
              error={log.failure}
              title="A part of the output could not be read"
              retry={() => log.retry()}
            />
          </div>
        )}
      </div>
    </div>
  );
}

function ConsoleRow({ entry, index }: { entry: ConsoleEvent | undefined; index: number }) {
  if (entry === undefined) return <WaitingRow index={index} />;
  return (
    <div className={classes.line}>
      <span className={classes.number}>{index + 1}</span>
      <RowTime created={entry.created} />
      <span className={classes.stream} data-stream={entry.output_type}>
        {entry.output_type}
      </span>
      <span className={classes.text}>
        {spansOf(entry.text).map((span, place) => (
          <span key={place} style={span.style}>
            {span.text}
          </span>
        ))}
      </span>
    </div>
  );
}
