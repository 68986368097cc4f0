/** The levels of log entries as people choose and see them: an icon, a word, a colour. */
import {
  IconAlertTriangle,
  IconBug,
  IconCircleCheck,
  IconCircleX,
  IconFlame,
  IconInfoCircle,
  type Icon,
} from '@tabler/icons-react';
import type { JobResult } from '~/api/queries';

export interface LevelLook {
  word: string;
  icon: Icon;
  color: string;
}

export const levelLooks: Readonly<Record<string, LevelLook>> = {
  debug: { word: 'Debug', icon: IconBug, color: 'var(--status-pending)' },
  info: { word: 'Info', icon: IconInfoCircle, color: 'var(--status-started)' },
  success: { word: 'Success', icon: IconCircleCheck, color: 'var(--status-success)' },
  warning: { word: 'Warning', icon: IconAlertTriangle, color: 'var(--status-retry)' },
  failure: { word: 'Failure', icon: IconCircleX, color: 'var(--status-failure)' },
  error: { word: 'Error', icon: IconCircleX, color: 'var(--status-failure)' },
  critical: { word: 'Critical', icon: IconFlame, color: 'var(--status-failure)' },
};

export function levelLook(level: string): LevelLook {
  return levelLooks[level] ?? { word: level, icon: IconInfoCircle, color: 'var(--status-pending)' };
}

/** What the server counts as one: a choice of the filter. */
export const levelGroups = ['debug', 'info', 'success', 'warning', 'error'] as const;
export type LevelGroup = (typeof levelGroups)[number];

const worse: readonly string[] = ['failure', 'error', 'critical'];

export function levelsOf(group: LevelGroup): readonly string[] {
  return group === 'error' ? worse : [group];
}

export function groupOf(level: string): LevelGroup {
  return worse.includes(level) ? 'error' : (level as LevelGroup);
}

/** How much worse a level is than another: by its place. */
export function severity(level: string): number {
  return levelGroups.indexOf(groupOf(level));
}

export type LevelCounts = Record<LevelGroup, number>;

export function countsOf(result: JobResult): LevelCounts {
  return {
    debug: result.debug_log_count,
    info: result.info_log_count,
    success: result.success_log_count,
    warning: result.warning_log_count,
    error: result.error_log_count,
  };
}

/** Entries of these groups; of all when none is chosen. */
export function totalOf(counts: LevelCounts, chosen: readonly LevelGroup[] = []): number {
  const groups = chosen.length === 0 ? levelGroups : chosen;
  return groups.reduce((sum, group) => sum + counts[group], 0);
}
