import { Button } from '@mantine/core';
import { IconFilterOff } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { EmptyState } from '~/components/EmptyState';
import { ErrorState } from '~/components/ErrorState';
import { FollowButton } from './FollowButton';
import { LogList, type LogListProps } from './LogList';
import classes from './LogTab.module.css';
import type { LogWindow, Sequenced } from './logWindow';

interface LiveLinesProps<E extends Sequenced> extends Omit<LogListProps, 'follow' | 'onFollow'> {
  log: LogWindow<E>;
  /** What a failure says: "A part of the log could not be read". */
  failure: string;
  /** Whether no more will come. */
  ended: boolean;
  follow: boolean;
  onFollow: (follow: boolean) => void;
}

/** Lines that are read where somebody looks and follow the run: log and console. */
export function LiveLines<E extends Sequenced>(props: LiveLinesProps<E>) {
  const { log, failure, ended, ...list } = props;
  return (
    <>
      <LogList {...list} />
      {log.failure !== null && (
        <div className={classes.failure}>
          <ErrorState error={log.failure} title={failure} retry={() => log.retry()} />
        </div>
      )}
      {!props.follow && !ended && <FollowButton onFollow={() => props.onFollow(true)} />}
    </>
  );
}

interface NothingFoundProps {
  title: string;
  children: ReactNode;
  /** What the way back says. */
  all: string;
  onAll: () => void;
}

/** What a filter that lets nothing through says. */
export function NothingFound({ title, children, all, onAll }: NothingFoundProps) {
  return (
    <EmptyState icon={IconFilterOff} title={title}>
      <p>{children}</p>
      <Button variant="default" onClick={onAll}>
        {all}
      </Button>
    </EmptyState>
  );
}
