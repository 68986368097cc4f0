/** How it is with a repository, in a word. */
import { isFinal } from '~/live/events';
import type { Repository } from '~/api/queries';
import type { Status } from '~/api/statuses';

export type RepositoryState = 'syncing' | 'failing' | 'never' | 'fine';

export function stateOf(repository: Repository): RepositoryState {
  const sync = repository.last_sync;
  if (sync !== null && !isFinal(sync.status as Status)) return 'syncing';
  if (repository.sync_error !== '') return 'failing';
  return repository.current_head === '' ? 'never' : 'fine';
}

export const stateWords: Record<RepositoryState, string> = {
  syncing: 'Syncing',
  failing: 'Failing',
  never: 'Never synced',
  fine: 'In force',
};

export const shortCommit = (commit: string) => commit.slice(0, 10);
