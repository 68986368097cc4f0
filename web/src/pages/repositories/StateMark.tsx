import {
  IconCircleCheck,
  IconCircleDashed,
  IconCircleX,
  IconLoader2,
  type Icon,
} from '@tabler/icons-react';
import type { Repository } from '~/api/queries';
import badge from '~/components/StatusBadge.module.css';
import { stateOf, stateWords, type RepositoryState } from './states';

const looks: Record<RepositoryState, { icon: Icon; colours: string }> = {
  syncing: { icon: IconLoader2, colours: 'started' },
  failing: { icon: IconCircleX, colours: 'failure' },
  never: { icon: IconCircleDashed, colours: 'pending' },
  fine: { icon: IconCircleCheck, colours: 'success' },
};

/** Whether the newest commit of a repository serves. */
export function StateMark({ repository }: { repository: Repository }) {
  const state = stateOf(repository);
  const { icon: IconOf, colours } = looks[state];
  return (
    <span
      className={badge.badge}
      style={{
        color: `var(--status-${colours})`,
        backgroundColor: `var(--status-${colours}-ground)`,
      }}
      data-state={state}
    >
      <IconOf
        size={14}
        stroke={2.1}
        aria-hidden
        className={state === 'syncing' ? 'turning' : undefined}
      />
      {stateWords[state]}
    </span>
  );
}
