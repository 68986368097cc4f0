import { startTransition, Suspense, useEffect, useState, type ReactNode } from 'react';

const delay = 200; // milliseconds after the first picture of the page
let isPast = false;

interface LaterProps {
  /** Stands there until then, and is of the same size. */
  fallback?: ReactNode;
  children: ReactNode;
}

/** What the first picture of a page can do without: its code is asked for afterwards, so that it does not hold that up. */
export function Later({ fallback = null, children }: LaterProps) {
  const [isThere, setThere] = useState(isPast);
  useEffect(() => {
    if (isThere) return;
    const timer = setTimeout(() => {
      isPast = true;
      startTransition(() => setThere(true));
    }, delay);
    return () => clearTimeout(timer);
  }, [isThere]);
  if (!isThere) return fallback;
  return <Suspense fallback={fallback}>{children}</Suspense>;
}
