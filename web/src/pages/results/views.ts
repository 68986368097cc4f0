/** The views that somebody keeps of the results. */
import type { Preferences, SavedView } from '~/api/preferences';
import { filtersOf, searchOf, type ResultFilters } from './filters';

export interface Views {
  kept: SavedView[];
  /** What the filters say now, as a view keeps it. */
  current: string;
  /** The view that says the same. */
  active: SavedView | undefined;
}

export function viewsOf(preferences: Preferences, filters: ResultFilters): Views {
  const kept = preferences.saved_views.filter((view) => view.page === 'results');
  const current = searchOf({ ...filters, page: 1 });
  const active = kept.find((view) => searchOf(filtersOf(view.query)) === current);
  return { kept, current, active };
}
