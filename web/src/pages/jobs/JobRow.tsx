import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconAdjustments, IconPlayerPlay, IconStar, IconStarFilled } from '@tabler/icons-react';
import { Link } from 'wouter';
import { usePreferences, withToggled } from '~/api/preferences';
import type { Job } from '~/api/queries';
import { EnableSwitch } from '~/components/EnableSwitch';
import { JobName, jobPath, resultPath } from '~/components/JobName';
import { JobTags } from '~/components/JobTags';
import { Sparkline } from '~/components/Sparkline';
import { StatusBadge } from '~/components/StatusBadge';
import { Timestamp } from '~/components/Timestamp';
import { firstLine } from './groups';
import classes from './JobGroupPanel.module.css';
import type { RecentResults } from './queries';

interface JobRowProps {
  job: Job;
  runs: RecentResults[string];
  onEdit: (job: Job) => void;
}

export function JobRow({ job, runs, onEdit }: JobRowProps) {
  const last = runs[0];
  const runnable = job.enabled && job.installed;
  return (
    <li className={classes.row}>
      <Favourite job={job} />
      <div style={{ minWidth: 0 }}>
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
      <div>{runs.length > 0 && <Sparkline runs={runs} />}</div>
      <EnableSwitch job={job} />
      <div className={classes.actions}>
        <Tooltip label="Change name, description, limits…">
          <ActionIcon
            size={30}
            onClick={() => onEdit(job)}
            aria-label={`Override what ${job.name} says`}
          >
            <IconAdjustments size={17} aria-hidden />
          </ActionIcon>
        </Tooltip>
        <Button
          component={Link}
          href={jobPath(job.class_path)}
          variant={runnable ? 'light' : 'default'}
          leftSection={runnable ? <IconPlayerPlay size={14} aria-hidden /> : undefined}
          px={10}
          w={76}
          aria-label={`${runnable ? 'Run' : 'Open'} ${job.name}`}
        >
          {runnable ? 'Run' : 'Open'}
        </Button>
      </div>
    </li>
  );
}

function Favourite({ job }: { job: Job }) {
  const { preferences, change } = usePreferences();
  const chosen = preferences.favourite_jobs.includes(job.class_path);
  return (
    <ActionIcon
      aria-label={`${job.name} is a favourite`}
      aria-pressed={chosen}
      c={chosen ? 'var(--status-retry)' : 'dimmed'}
      onClick={() =>
        change((now) => ({ favourite_jobs: withToggled(now.favourite_jobs, job.class_path) }))
      }
    >
      {chosen ? <IconStarFilled size={16} aria-hidden /> : <IconStar size={16} aria-hidden />}
    </ActionIcon>
  );
}
