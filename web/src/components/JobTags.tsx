import { Badge, Group, Tooltip } from '@mantine/core';
import type { Job } from '~/api/queries';

interface Tag {
  word: string;
  means: string;
  color: string;
  of: (job: Job) => boolean;
}

const tags: readonly Tag[] = [
  {
    word: 'not installed',
    means: 'Its class is gone from the job files; the record stays for its results.',
    color: 'red',
    of: (job) => !job.installed,
  },
  {
    word: 'import error',
    means: 'The newest version of its file does not import; an earlier one serves.',
    color: 'red',
    of: (job) => job.import_error !== '',
  },
  {
    word: 'hidden',
    means: 'Left out of lists unless asked for.',
    color: 'gray',
    of: (job) => job.hidden,
  },
  {
    word: 'approval',
    means: 'Somebody else has to approve a run.',
    color: 'orange',
    of: (job) => job.approval_required,
  },
  {
    word: 'sensitive',
    means: 'Its inputs are sealed and never shown.',
    color: 'gray',
    of: (job) => job.has_sensitive_variables,
  },
  {
    word: 'dry run',
    means: 'It can be tried without effect.',
    color: 'teal',
    of: (job) => job.supports_dryrun,
  },
  {
    word: 'read only',
    means: 'It says that it changes nothing.',
    color: 'teal',
    of: (job) => job.read_only,
  },
  {
    word: 'one at a time',
    means: 'A second simultaneous run is refused.',
    color: 'gray',
    of: (job) => job.is_singleton,
  },
  {
    word: 'hook receiver',
    means: 'Runs when objects change, not from a form.',
    color: 'grape',
    of: (job) => job.is_job_hook_receiver,
  },
  {
    word: 'button receiver',
    means: "Runs from a button on an object's page.",
    color: 'grape',
    of: (job) => job.is_job_button_receiver,
  },
];

/** Kind and state of a job, each with what it means. */
export function JobTags({ job }: { job: Job }) {
  const shown = tags.filter((tag) => tag.of(job));
  if (shown.length === 0) return null;
  return (
    <Group gap={4} component="span" display="inline-flex">
      {shown.map((tag) => (
        <Tooltip key={tag.word} label={tag.means}>
          <Badge color={tag.color} variant="light" size="sm">
            {tag.word}
          </Badge>
        </Tooltip>
      ))}
    </Group>
  );
}
