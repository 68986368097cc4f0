import { Progress, Text } from '@mantine/core';
import type { RunSummary } from '~/api/queries';

/** How far a run is: a bar with figures, or a moving one while nobody knows. */
export function RunProgress({ progress }: { progress: RunSummary['progress'] }) {
  const total = progress?.total ?? 0;
  const known = progress !== null && total > 0;
  const percent = known ? Math.min(100, (100 * progress.done) / total) : 100;
  const figures = known ? `${progress.done} of ${total}` : '';
  const text = [progress?.message ?? '', figures].filter(Boolean).join(' · ');
  return (
    <div>
      <Progress
        value={percent}
        size={5}
        color="iris"
        striped={!known}
        animated={!known}
        aria-label={text === '' ? 'Running' : `Progress: ${text}`}
      />
      <Text size="xs" c="dimmed" mt={3} truncate className="numbers" mih={17}>
        {text}
      </Text>
    </div>
  );
}
