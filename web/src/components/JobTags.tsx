import type { Job } from '~/api/queries';
import classes from './JobTags.module.css';

interface Tag {
  word: string;
  means: string;
  tone: 'wrong' | 'careful' | 'good' | 'special' | 'plain';
  of: (job: Job) => boolean;
}

const tags: readonly Tag[] = [
  {
    word: 'not installed',
    means: 'Its class is gone from the job files; the record stays for its results.',
    tone: 'wrong',
    of: (job) => !job.installed,
  },
  {
    word: 'import error',
    means: 'The newest version of its file does not import; an earlier one serves.',
    tone: 'wrong',
    of: (job) => job.import_error !== '',
  },
  {
    word: 'hidden',
    means: 'Left out of lists unless asked for.',
    tone: 'plain',
    of: (job) => job.hidden,
  },
  {
    word: 'approval',
    means: 'Somebody else has to approve a run.',
    tone: 'careful',
    of: (job) => job.approval_required,
  },
  {
    word: 'sensitive',
    means: 'Its inputs are sealed and never shown.',
    tone: 'plain',
    of: (job) => job.has_sensitive_variables,
  },
  {
    word: 'dry run',
    means: 'It can be tried without effect.',
    tone: 'good',
    of: (job) => job.supports_dryrun,
  },
  {
    word: 'read only',
    means: 'It says that it changes nothing.',
    tone: 'good',
    of: (job) => job.read_only,
  },
  {
    word: 'one at a time',
    means: 'A second simultaneous run is refused.',
    tone: 'plain',
    of: (job) => job.is_singleton,
  },
  {
    word: 'hook receiver',
    means: 'Runs when objects change, not from a form.',
    tone: 'special',
    of: (job) => job.is_job_hook_receiver,
  },
  {
    word: 'button receiver',
    means: "Runs from a button on an object's page.",
    tone: 'special',
    of: (job) => job.is_job_button_receiver,
  },
];

/** Kind and state of a job, each with what it means. */
export function JobTags({ job }: { job: Job }) {
  const shown = tags.filter((tag) => tag.of(job));
  if (shown.length === 0) return null;
  return (
    <span className={classes.tags}>
      {shown.map((tag) => (
        <span key={tag.word} className={classes.tag} data-tone={tag.tone} title={tag.means}>
          {tag.word}
        </span>
      ))}
    </span>
  );
}
