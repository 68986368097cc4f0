import { useHotkeys } from '@mantine/hooks';
import { lazy, startTransition, Suspense, useEffect, useState } from 'react';
import { onPaletteWanted, openPalette } from './paletteWanted';

const Palette = lazy(() => import('./Palette'));
const delay = 1500; // milliseconds: what the visitor came for is there by then

/** The palette, with Ctrl-K or "/". Its code comes when the page has been there for a while, or is wanted. */
export function PaletteSoon() {
  const [isThere, setThere] = useState(false);
  const [wanted, setWanted] = useState(0);
  useHotkeys([
    ['mod + K', openPalette],
    ['/', openPalette],
  ]);
  useEffect(() => {
    const timer = setTimeout(() => startTransition(() => setThere(true)), delay);
    const forget = onPaletteWanted(() => setWanted((times) => times + 1));
    return () => {
      clearTimeout(timer);
      forget();
    };
  }, []);
  if (!isThere && wanted === 0) return null;
  return (
    <Suspense>
      <Palette wanted={wanted} />
    </Suspense>
  );
}
