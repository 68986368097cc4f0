import { IconAdjustments, IconPlayerPlay, IconStar, IconStarFilled } from '@tabler/icons-react';
import { memo } from 'react';
import { Link } from 'wouter';
import type { Job } from '~/api/queries';
import { EnableSwitch } from '~/components/EnableSwitch';
import { JobName, jobPath, resultPath } from '~/components/JobName';
import { JobTags } from '~/components/JobTags';
import { Sparkline } from '~/components/Sparkline';
import { StatusBadge } from '~/components/StatusBadge';
import { Timestamp } from '~/components/Timestamp';
import { firstLine } from './groups';
import classes from './JobRow.module.css';
import type { RecentResults } from './queries';

/** What can be done in a row; the same object for all rows, as long as nothing else is meant. */
export interface JobActions {
  edit: (job: Job) => void;
  favour: (job: Job) => void;
  enable: (job: Job, enabled: boolean) => void;
}

interface JobRowProps {
  job: Job;
  /** Newest first. */
  runs: RecentResults[string];
  isFavourite: boolean;
  actions: JobActions;
}

/** A job in the list. Of plain elements: hundreds of them have to show at once. */
export const JobRow = memo(function JobRow({ job, runs, isFavourite, actions }: JobRowProps) {
  const last = runs[0];
  const runnable = job.enabled && job.installed;
  const Star = isFavourite ? IconStarFilled : IconStar;
  return (
    <li className={classes.row}>
      <button
        type="button"
        className={classes.icon}
        data-favourite={isFavourite || undefined}
        aria-label={`${job.name} is a favourite`}
        aria-pressed={isFavourite}
        onClick={() => actions.favour(job)}
      >
        <Star size={16} aria-hidden />
      </button>
      <div className={classes.what}>
        <div className={classes.title}>
          <JobName name={job.name} classPath={job.class_path} />
          <JobTags job={job} />
        </div>
        <div className={classes.about}>
          <span className={classes.path}>{job.class_path}</span>
          <span>{firstLine(job.description)}</span>
        </div>
      </div>
      <div className={classes.last}>
        {last === undefined ? (
          'Never run'
        ) : (
          <>
            <Link href={resultPath(last.id)} className="quiet-link">
              <StatusBadge status={last.status} />
            </Link>
            <Timestamp value={last.date_created} />
          </>
        )}
      </div>
      <div className={classes.trend}>{runs.length > 0 && <Sparkline runs={runs} />}</div>
      <EnableSwitch job={job} onChange={actions.enable} />
      <div className={classes.actions}>
        <button
          type="button"
          className={classes.icon}
          title="Change name, description, limits…"
          aria-label={`Override what ${job.name} says`}
          onClick={() => actions.edit(job)}
        >
          <IconAdjustments size={17} aria-hidden />
        </button>
        <Link
          href={jobPath(job.class_path)}
          className={classes.open}
          data-runnable={runnable || undefined}
          aria-label={`${runnable ? 'Run' : 'Open'} ${job.name}`}
        >
          {runnable && <IconPlayerPlay size={14} aria-hidden />}
          {runnable ? 'Run' : 'Open'}
        </Link>
      </div>
    </li>
  );
});
