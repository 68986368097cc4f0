/** Ranks what the palette offers: the beginning of a name, then of a word in it, then anywhere. */
export interface Findable {
  id: string;
  label: string;
  /** Also searched, with less weight: a class path, a description. */
  more?: string;
}

/** 0: not found; more is better. Every word of the query has to be found. */
export function score(item: Findable, query: string): number {
  const label = item.label.toLowerCase();
  const more = (item.more ?? '').toLowerCase();
  let total = 0;
  for (const word of query.toLowerCase().split(/\s+/).filter(Boolean)) {
    const points = scoreOfWord(label, word) || (more.includes(word) ? 1 : 0);
    if (points === 0) return 0;
    total += points;
  }
  return total;
}

function scoreOfWord(label: string, word: string): number {
  if (label === word) return 10;
  const at = label.indexOf(word);
  if (at < 0) return 0;
  if (at === 0) return 8;
  return /[\s._/-]/.test(label[at - 1] ?? '') ? 5 : 3;
}

/** The best, best first; equals stay in the order in which they came. Without a query, all. */
export function rank<T extends Findable>(items: readonly T[], query: string, limit: number): T[] {
  if (query.trim() === '') return items.slice(0, limit);
  return items
    .map((item) => ({ item, points: score(item, query) }))
    .filter(({ points }) => points > 0)
    .sort((a, b) => b.points - a.points)
    .slice(0, limit)
    .map(({ item }) => item);
}
