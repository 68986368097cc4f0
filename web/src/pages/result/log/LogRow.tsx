import { UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { memo } from 'react';
import { Link } from 'wouter';
import { countText } from '~/components/counts';
import { wholeTime } from '~/time/format';
import type { LogEvent } from '../liveRun';
import type { GroupLine } from './folding';
import { groupOf, levelLook } from './levels';
import classes from './LogRow.module.css';

/** What a row needs: an entry read from the log has more, one that came live has just this. */
export type LogEntry = LogEvent;

const clock = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
});

export function RowTime({ created }: { created: string }) {
  const time = new Date(created);
  return (
    <time className={classes.time} dateTime={created} title={wholeTime(time)}>
      {clock.format(time)}
    </time>
  );
}

/** A page of ours that shows what an entry is about; null when none does. */
export function pageOf(address: string): string | null {
  const found = /^(?:\/api)?\/extras\/(jobs|job-results)\/([0-9a-f-]{36})\/?$/.exec(address);
  if (found === null) return null;
  return found[1] === 'jobs' ? `/jobs/${found[2]}` : `/results/${found[2]}`;
}

/** A traceback is no Markdown: its lines and their indentation say something. */
function isTraceback(message: string): boolean {
  return /^Traceback \(most recent call last\):$/m.test(message);
}

interface LogRowProps {
  entry: LogEntry;
  /** The entry's place in the whole log, from 1; null where that is not known. */
  number: number | null;
  marked: boolean;
  wrap: boolean;
  onNumber: (entry: LogEntry, number: number | null) => void;
}

export const LogRow = memo(function LogRow({ entry, number, marked, wrap, onNumber }: LogRowProps) {
  const look = levelLook(entry.log_level);
  const about = entry.log_object === '' ? null : pageOf(entry.absolute_url);
  return (
    <div
      className={`${classes.line} ${wrap ? '' : classes.unwrapped}`}
      data-group={groupOf(entry.log_level)}
      data-target={marked || undefined}
    >
      <a
        className={classes.number}
        href={number === null ? '#' : `#line-${number}`}
        aria-label={number === null ? 'Show in the whole log' : `Link to line ${number}`}
        title={number === null ? 'Show in the whole log' : 'Link to this line'}
        onClick={(event) => {
          event.preventDefault();
          onNumber(entry, number);
        }}
      >
        {number ?? '↗'}
      </a>
      <RowTime created={entry.created} />
      <span className={classes.level} style={{ color: look.color }}>
        <look.icon size={14} stroke={2} aria-hidden />
        {look.word}
      </span>
      <span className={classes.grouping} title={entry.grouping} data-searched>
        {entry.grouping}
      </span>
      <div className={classes.message} data-searched>
        {entry.message_html === undefined || isTraceback(entry.message) ? (
          <span className={classes.plain} data-traceback={isTraceback(entry.message) || undefined}>
            {entry.message}
          </span>
        ) : (
          // Made by the server, which lets a safe subset of HTML through.
          <div className={classes.html} dangerouslySetInnerHTML={{ __html: entry.message_html }} />
        )}
        {entry.log_object !== '' && (
          <span className={classes.about}>
            {about === null ? entry.log_object : <Link href={about}>{entry.log_object}</Link>}
          </span>
        )}
      </div>
    </div>
  );
});

export function WaitingRow({ index }: { index: number }) {
  return <div className={classes.waiting} style={{ width: `${30 + ((index * 37) % 45)}%` }} />;
}

export function GroupRow({
  line,
  onToggle,
}: {
  line: GroupLine;
  onToggle: (first: number) => void;
}) {
  const look = levelLook(line.worst);
  const Chevron = line.folded ? IconChevronRight : IconChevronDown;
  return (
    <UnstyledButton
      className={classes.group}
      aria-expanded={!line.folded}
      onClick={() => onToggle(line.first)}
    >
      <Chevron size={15} aria-hidden />
      <look.icon size={14} stroke={2} style={{ color: look.color }} aria-label={look.word} />
      {line.grouping || 'no grouping'}
      <span className={classes.count}>
        {countText(line.count)} {line.count === 1 ? 'line' : 'lines'}
      </span>
    </UnstyledButton>
  );
}
