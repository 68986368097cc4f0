import { Autocomplete, NumberInput, Select, UnstyledButton } from '@mantine/core';
import { IconArrowBarToDown, IconFoldDown, IconTextWrap } from '@tabler/icons-react';
import { useState } from 'react';
import { countText } from '~/components/counts';
import { levelGroups, levelLook, totalOf, type LevelCounts, type LevelGroup } from './levels';
import { downloadPath, isFiltered, type LogFilter } from './logQuery';
import classes from './LogTab.module.css';
import { Download, SearchField, Switch } from './toolbarParts';

interface View {
  follow: boolean;
  wrap: boolean;
  folding: boolean;
}

interface LogToolbarProps {
  id: string;
  filter: LogFilter;
  onFilter: (part: Partial<LogFilter>) => void;
  counts: LevelCounts;
  /** Whether there will be no other entries than were counted. */
  complete: boolean;
  attempts: number;
  groupings: string[];
  foldable: boolean;
  view: View;
  onView: (part: Partial<View>) => void;
  ended: boolean;
  onLine: (line: number) => void;
}

export function LogToolbar(props: LogToolbarProps) {
  const { filter, onFilter, view, onView } = props;
  return (
    <div className={classes.toolbar} role="toolbar" aria-label="Log">
      <LevelChoice {...props} />
      <SearchField
        label="Search the log"
        value={filter.search}
        onChange={(search) => onFilter({ search })}
      />
      <Autocomplete
        className={classes.wide}
        size="xs"
        w={116}
        placeholder="Grouping"
        aria-label="Grouping"
        data={props.groupings}
        value={filter.grouping}
        onChange={(grouping) => onFilter({ grouping })}
        limit={50}
      />
      {props.attempts > 1 && (
        <Select
          size="xs"
          w={120}
          aria-label="Attempt"
          data={[
            { value: '0', label: 'All attempts' },
            ...Array.from({ length: props.attempts }, (_, i) => ({
              value: String(i + 1),
              label: `Attempt ${i + 1}`,
            })),
          ]}
          value={String(filter.attempt)}
          onChange={(attempt) => onFilter({ attempt: Number(attempt ?? 0) })}
          allowDeselect={false}
        />
      )}
      <LineJump last={props.complete ? totalOf(props.counts) : Infinity} onLine={props.onLine} />
      <Switch
        icon={IconFoldDown}
        label={props.foldable ? 'Fold by grouping' : 'Folding is for logs of up to 5,000 lines'}
        on={view.folding}
        disabled={!props.foldable}
        onChange={(folding) => onView({ folding })}
      />
      <Switch
        icon={IconTextWrap}
        label="Wrap long lines"
        on={view.wrap}
        onChange={(wrap) => onView({ wrap })}
      />
      {!props.ended && (
        <Switch
          icon={IconArrowBarToDown}
          label="Follow the end"
          on={view.follow}
          onChange={(follow) => onView({ follow })}
        />
      )}
      <Download
        label="Download the log"
        what={isFiltered(filter) ? 'what is shown' : 'the whole log'}
        path={(csv) => downloadPath(props.id, filter, csv)}
      />
    </div>
  );
}

function LevelChoice({ filter, onFilter, counts }: LogToolbarProps) {
  function toggle(group: LevelGroup) {
    const levels = filter.levels.includes(group)
      ? filter.levels.filter((one) => one !== group)
      : [...filter.levels, group];
    onFilter({ levels });
  }
  return (
    <div className={classes.levels} role="group" aria-label="Levels">
      {levelGroups.map((group) => {
        const look = levelLook(group);
        return (
          <UnstyledButton
            key={group}
            className={classes.level}
            aria-pressed={filter.levels.includes(group)}
            data-none={counts[group] === 0 || undefined}
            onClick={() => toggle(group)}
          >
            <look.icon size={14} stroke={2} style={{ color: look.color }} aria-hidden />
            <span className={classes.word}>{look.word}</span>
            <span className={classes.count}>{countText(counts[group])}</span>
          </UnstyledButton>
        );
      })}
    </div>
  );
}

function LineJump({ last, onLine }: { last: number; onLine: (line: number) => void }) {
  const [line, setLine] = useState<string | number>('');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (Number(line) >= 1) onLine(Math.min(Number(line), Math.max(1, last)));
      }}
    >
      <NumberInput
        size="xs"
        w={70}
        hideControls
        placeholder="Line"
        aria-label="Jump to line"
        min={1}
        allowDecimal={false}
        allowNegative={false}
        value={line}
        onChange={setLine}
      />
    </form>
  );
}
