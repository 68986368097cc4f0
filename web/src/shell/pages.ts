/**
 * The pages, as data: the router, the navigation and the palette follow from this list. A page is
 * loaded when it is opened. To add one: a line here, and its folder in src/pages.
 */
import {
  IconChecklist,
  IconCpu,
  IconHome,
  IconSettings,
  IconStack2,
  type Icon,
} from '@tabler/icons-react';
import { createElement, lazy, useState, type ComponentType } from 'react';

type Load = () => Promise<{ default: ComponentType }>;

export interface Page {
  path: string;
  title: string;
  /** Pages with an icon stand in the navigation, in this order. */
  icon?: Icon;
  load: Load;
  /** The page itself: at once when it was loaded before, else after a fallback. */
  component: ComponentType;
}

/** React.lazy keeps its fallback up for 0.3 s, however soon the page comes; so pages are loaded ahead where that is possible. */
function page(path: string, title: string, load: Load, icon?: Icon): Page {
  let loaded: ComponentType | undefined;
  const loadOnce = async () => {
    const made = await load();
    loaded = made.default;
    return made;
  };
  const Later = lazy(loadOnce);
  function Shown() {
    const [Component] = useState<ComponentType>(() => loaded ?? Later);
    return createElement(Component);
  }
  return { path, title, load: loadOnce, component: Shown, ...(icon ? { icon } : {}) };
}

export const pages: readonly Page[] = [
  page('/', 'Home', () => import('~/pages/home/Home'), IconHome),
  page('/jobs', 'Jobs', () => import('~/pages/jobs/Jobs'), IconStack2),
  page('/jobs/:classPath', 'Job', () => import('~/pages/job/Job')),
  page('/results', 'Results', () => import('~/pages/results/Results'), IconChecklist),
  page('/results/:id', 'Result', () => import('~/pages/result/Result')),
  page('/workers', 'Workers', () => import('~/pages/workers/Workers'), IconCpu),
  page('/settings', 'Settings', () => import('~/pages/settings/Settings'), IconSettings),
];

export const navigation = pages.filter((one) => one.icon !== undefined);

/** Whether a page of the navigation is where the visitor is: itself, or something below it. */
export function isOpen(path: string, location: string): boolean {
  return path === '/' ? location === '/' : location === path || location.startsWith(`${path}/`);
}

/** Loads the page of an address; nothing when there is none. */
export async function loadPageAt(location: string): Promise<void> {
  const found = pages.find(({ path }) =>
    new RegExp(`^${path.replace(/:\w+/g, '[^/]+')}$`).test(location),
  );
  await found?.load();
}

/** Loads the others while there is nothing else to do, so that each opens at once. */
export function loadPagesSoon(): () => void {
  const timer = setTimeout(
    () => pages.forEach((one) => void one.load().catch(() => undefined)),
    1000,
  );
  return () => clearTimeout(timer);
}
