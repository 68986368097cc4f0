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
import { lazy, type ComponentType } from 'react';

type Load = () => Promise<{ default: ComponentType }>;

export interface Page {
  path: string;
  title: string;
  /** Pages with an icon stand in the navigation, in this order. */
  icon?: Icon;
  load: Load;
  /** The same page behind React.lazy: made once, or it would load at every render. */
  component: ComponentType;
}

function page(path: string, title: string, load: Load, icon?: Icon): Page {
  return { path, title, load, component: lazy(load), ...(icon ? { icon } : {}) };
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
