/** How a status is shown, everywhere: a word, an icon, and the name of its colours (page.css). */
import {
  IconBan,
  IconCircleCheck,
  IconCircleX,
  IconClock,
  IconLoader2,
  IconRefresh,
  type Icon,
} from '@tabler/icons-react';
import type { Status } from '~/api/statuses';

export interface StatusLook {
  word: string;
  icon: Icon;
  color: string;
  ground: string;
}

const look = (word: string, icon: Icon, name: string): StatusLook => ({
  word,
  icon,
  color: `var(--status-${name})`,
  ground: `var(--status-${name}-ground)`,
});

export const statusLooks: Readonly<Record<Status, StatusLook>> = {
  PENDING: look('Waiting', IconClock, 'pending'),
  STARTED: look('Running', IconLoader2, 'started'),
  RETRY: look('Retrying', IconRefresh, 'retry'),
  SUCCESS: look('Success', IconCircleCheck, 'success'),
  FAILURE: look('Failed', IconCircleX, 'failure'),
  REVOKED: look('Cancelled', IconBan, 'revoked'),
};

export function lookOf(status: string): StatusLook {
  return statusLooks[status as Status] ?? { ...statusLooks.PENDING, word: status };
}
