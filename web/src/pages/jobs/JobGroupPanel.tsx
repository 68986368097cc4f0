import { useLocalStorage } from '@mantine/hooks';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useId } from 'react';
import type { JobGroup } from './groups';
import classes from './JobGroupPanel.module.css';
import { JobRow, type JobActions } from './JobRow';
import type { RecentResults } from './queries';

interface JobGroupPanelProps {
  group: JobGroup;
  recent: RecentResults;
  /** Class paths. */
  favourites: ReadonlySet<string>;
  actions: JobActions;
}

const none: RecentResults[string] = [];

/** The jobs of one grouping; folded or not is remembered in this browser. */
export function JobGroupPanel({ group, recent, favourites, actions }: JobGroupPanelProps) {
  const id = useId();
  const [folded, setFolded] = useLocalStorage({
    key: `windlass-folded:${group.name}`,
    defaultValue: false,
    getInitialValueInEffect: false,
  });
  const Chevron = folded ? IconChevronRight : IconChevronDown;
  return (
    <section className={classes.panel} aria-labelledby={id}>
      <h2 className={classes.head}>
        <button
          type="button"
          id={id}
          className={classes.fold}
          aria-expanded={!folded}
          onClick={() => setFolded(!folded)}
        >
          <Chevron size={16} aria-hidden />
          {group.name}
          <span className={classes.count}>{group.jobs.length}</span>
        </button>
      </h2>
      {!folded && (
        <ul className={classes.rows}>
          {group.jobs.map((job) => (
            <JobRow
              key={job.id}
              job={job}
              runs={recent[job.id] ?? none}
              isFavourite={favourites.has(job.class_path)}
              actions={actions}
            />
          ))}
        </ul>
      )}
    </section>
  );
}
