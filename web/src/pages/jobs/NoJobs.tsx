import { Code, Stack } from '@mantine/core';
import { IconStack2 } from '@tabler/icons-react';
import { CodeBlock } from '~/parts/CodeBlock';
import { EmptyState } from '~/components/EmptyState';

export const starter = `from windlass import jobs

name = "My jobs"


class Greet(jobs.Job):
    """Says hello."""

    class Meta:
        name = "Greet"
        has_sensitive_variables = False

    who = jobs.StringVar(default="world", description="Whom to greet")

    def run(self, *, who):
        self.logger.success("Hello, %s", who)
        return f"Hello, {who}"


jobs.register_jobs(Greet)
`;

/** What to do when there is no job: where a file goes, and one to begin with. */
export default function NoJobs({ path }: { path: string | undefined }) {
  return (
    <EmptyState icon={IconStack2} title="There are no jobs yet">
      <Stack gap="sm">
        <span>
          Put this into a file named <Code>greet.py</Code> in{' '}
          {path === undefined ? 'your jobs folder' : <Code>{path}</Code>}. It shows here as soon as
          it is saved.
        </span>
        <CodeBlock text={starter} label="A first job" />
      </Stack>
    </EmptyState>
  );
}
