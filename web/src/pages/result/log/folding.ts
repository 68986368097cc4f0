/** A log whose neighbours of one grouping fold into a line. */
import { severity } from './levels';

interface Foldable {
  grouping: string;
  log_level: string;
}

export interface GroupLine {
  kind: 'group';
  grouping: string;
  /** Row of its first entry; what it is known by. */
  first: number;
  count: number;
  /** The worst level in it. */
  worst: string;
  folded: boolean;
}

export type Line = GroupLine | { kind: 'entry'; row: number };

/** The lines of a log of which every entry is at hand, with the groups that were opened. */
export function foldedLines(entries: readonly Foldable[], opened: ReadonlySet<number>): Line[] {
  const lines: Line[] = [];
  let group: GroupLine | null = null;
  for (const [row, entry] of entries.entries()) {
    if (group === null || group.grouping !== entry.grouping) {
      group = {
        kind: 'group',
        grouping: entry.grouping,
        first: row,
        count: 0,
        worst: entry.log_level,
        folded: !opened.has(row),
      };
      lines.push(group);
    }
    group.count += 1;
    if (severity(entry.log_level) > severity(group.worst)) group.worst = entry.log_level;
    if (!group.folded) lines.push({ kind: 'entry', row });
  }
  return lines;
}
