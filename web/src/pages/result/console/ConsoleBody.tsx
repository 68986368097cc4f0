import type { ConsoleEvent } from '../liveRun';
import { LiveLines, NothingFound } from '../log/LiveLines';
import { RowTime, WaitingRow } from '../log/LogRow';
import tab from '../log/LogTab.module.css';
import { useLiveWindow } from '../log/useLiveWindow';
import type { RunFeed } from '../runFeed';
import { spansOf } from './ansi';
import classes from './Console.module.css';
import { isNarrowed, readConsole, type ConsoleFilter } from './consoleQuery';

interface ConsoleBodyProps {
  id: string;
  feed: RunFeed;
  filter: ConsoleFilter;
  ended: boolean;
  follow: boolean;
  onFollow: (follow: boolean) => void;
  onClear: () => void;
}

/** Rows shown as under way while the end is not known. */
const waitingRows = 12;

/** The lines that a filter lets through, live. Made anew for each filter. */
export function ConsoleBody({
  id,
  feed,
  filter,
  ended,
  follow,
  onFollow,
  onClear,
}: ConsoleBodyProps) {
  const narrowed = isNarrowed(filter);
  const log = useLiveWindow<ConsoleEvent>(feed, {
    load: (offset, limit, signal) => readConsole(id, filter, offset, limit, signal),
    count: (state) => (narrowed ? null : state.consoleCount),
    select: (batch) => batch.console,
  });
  const count = log.count + (log.open ? waitingRows : 0);
  if (count === 0 && log.failure === null && log.known) {
    return (
      <NothingFound title="No line matches" all="Show the whole output" onAll={onClear}>
        Nothing that was written has these words.
      </NothingFound>
    );
  }
  return (
    <div className={tab.body}>
      <LiveLines
        log={log}
        failure="A part of the output could not be read"
        ended={ended}
        label="Console output"
        count={count}
        rowHeight={22}
        row={(index) => <ConsoleRow entry={log.row(index)} index={index} numbered={!narrowed} />}
        onView={(first, last) => log.want(first, last)}
        follow={follow}
        onFollow={onFollow}
        target={null}
        search={filter.search}
      />
    </div>
  );
}

interface ConsoleRowProps {
  entry: ConsoleEvent | undefined;
  index: number;
  /** Whether its place in the list is its place in the whole output. */
  numbered: boolean;
}

function ConsoleRow({ entry, index, numbered }: ConsoleRowProps) {
  if (entry === undefined) return <WaitingRow index={index} />;
  return (
    <div className={classes.line}>
      <span className={classes.number}>{numbered ? index + 1 : ''}</span>
      <RowTime created={entry.created} />
      <span className={classes.stream} data-stream={entry.output_type}>
        {entry.output_type}
      </span>
      <span className={classes.text} data-searched>
        {spansOf(entry.text).map((span, place) => (
          <span key={place} style={span.style}>
            {span.text}
          </span>
        ))}
      </span>
    </div>
  );
}
