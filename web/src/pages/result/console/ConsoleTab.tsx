import { useDebouncedValue } from '@mantine/hooks';
import { IconArrowBarToDown, IconTerminal2 } from '@tabler/icons-react';
import { useState } from 'react';
import { EmptyState } from '~/components/EmptyState';
import { Segments } from '~/components/Segments';
import tab from '../log/LogTab.module.css';
import { Download, SearchField, Switch } from '../log/toolbarParts';
import type { FeedState, RunFeed } from '../runFeed';
import classes from './Console.module.css';
import { ConsoleBody } from './ConsoleBody';
import { isNarrowed, outputPath, wholeOutput, type Stream } from './consoleQuery';

interface ConsoleTabProps {
  id: string;
  feed: RunFeed;
  state: FeedState;
  ended: boolean;
}

const streams: { value: Stream; label: string }[] = [
  { value: '', label: 'All' },
  { value: 'stdout', label: 'stdout' },
  { value: 'stderr', label: 'stderr' },
];

/** What the run and its programs wrote to their standard output and error, and what of it is shown. */
export function ConsoleTab({ id, feed, state, ended }: ConsoleTabProps) {
  const [filter, setFilter] = useState(wholeOutput);
  const [search] = useDebouncedValue(filter.search, 250);
  const [follow, setFollow] = useState(!ended);
  const shown = { ...filter, search };
  if (state.consoleCount === 0) {
    return (
      <EmptyState icon={IconTerminal2} title={ended ? 'No output' : 'No output yet'}>
        What the job prints, and what programs that it starts write, appears here.
      </EmptyState>
    );
  }
  return (
    <div className={`${tab.tab} ${classes.tab}`}>
      <div className={tab.toolbar} role="toolbar" aria-label="Console">
        <Segments
          label="Stream"
          value={filter.stream}
          onChange={(stream) => setFilter({ ...filter, stream })}
          choices={streams}
        />
        <SearchField
          label="Search the output"
          value={filter.search}
          onChange={(text) => setFilter({ ...filter, search: text })}
        />
        {!ended && (
          <Switch
            icon={IconArrowBarToDown}
            label="Follow the end"
            on={follow}
            onChange={setFollow}
          />
        )}
        <Download
          label="Download the output"
          what={isNarrowed(shown) ? 'what is shown' : 'the whole output'}
          path={(csv) => outputPath(id, shown, csv)}
        />
      </div>
      <ConsoleBody
        key={JSON.stringify([id, shown])}
        id={id}
        feed={feed}
        filter={shown}
        ended={ended}
        follow={follow}
        onFollow={setFollow}
        onClear={() => setFilter(wholeOutput)}
      />
    </div>
  );
}
