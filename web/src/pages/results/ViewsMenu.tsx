import { IconBookmark } from '@tabler/icons-react';
import { lazy, Suspense } from 'react';
import { usePreferences } from '~/api/preferences';
import { buttonClass } from '~/components/PlainButton';
import { Popup } from '~/components/Popup';
import { Skeleton } from '~/components/Skeleton';
import type { FilterState } from './useFilters';
import { viewsOf } from './views';

const SavedViews = lazy(() => import('./SavedViews'));

/** Filters by name: kept with the account, so that they are there on every machine. */
export function ViewsMenu({ state }: { state: FilterState }) {
  const { active } = viewsOf(usePreferences().preferences, state.filters);
  return (
    <Popup
      label="Saved views"
      side="right"
      buttonClass={buttonClass({ look: active === undefined ? 'default' : 'light' })}
      button={
        <>
          <IconBookmark size={15} aria-hidden />
          {active?.name ?? 'Views'}
        </>
      }
    >
      {() => (
        <Suspense fallback={<Skeleton width={250} height={60} />}>
          <SavedViews state={state} />
        </Suspense>
      )}
    </Popup>
  );
}
