/** Components whose code comes later than the page that shows them. */
import { createElement, lazy, useState, type ComponentType } from 'react';

export interface Soon<P extends object> {
  /** Suspends while its code comes; there at once when that was loaded before. */
  Component: ComponentType<P>;
  load: () => Promise<{ default: ComponentType<P> }>;
}

/** React.lazy keeps its fallback up for 0.3 s, however soon the code comes; what was loaded ahead is drawn without one. */
export function soon<P extends object>(
  from: () => Promise<{ default: ComponentType<P> }>,
): Soon<P> {
  let loaded: ComponentType<P> | undefined;
  const load = async () => {
    const made = await from();
    loaded = made.default;
    return made;
  };
  const Later = lazy(load) as unknown as ComponentType<P>;
  function Shown(props: P) {
    const [Component] = useState<ComponentType<P>>(() => loaded ?? Later);
    return createElement(Component, props);
  }
  return { Component: Shown, load };
}
