/**
 * The pages, as data: the router, the navigation and the palette follow from this list. A page is
 * loaded when it is opened. To add one: a line here and in chunks.ts, and its folder in src/pages.
 */
import {
  IconChecklist,
  IconCpu,
  IconGitBranch,
  IconHome,
  IconSettings,
  IconStack2,
  type Icon,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import { soon, type Soon } from '~/components/soon';
import { chunks, pageAt, type PagePath } from './chunks';

export interface Page {
  path: PagePath;
  title: string;
  /** Pages with an icon stand in the navigation, in this order. */
  icon?: Icon;
  load: Soon<object>['load'];
  /** The page itself: at once when it was loaded before, else after a fallback. */
  component: ComponentType;
}

function page(path: PagePath, title: string, icon?: Icon): Page {
  const { Component, load } = soon(chunks[path]);
  return { path, title, load, component: Component, ...(icon ? { icon } : {}) };
}

export const pages: readonly Page[] = [
  page('/', 'Home', IconHome),
  page('/jobs', 'Jobs', IconStack2),
  page('/jobs/:classPath', 'Job'),
  page('/results', 'Results', IconChecklist),
  page('/results/:id', 'Result'),
  page('/repositories', 'Repositories', IconGitBranch),
  page('/repositories/:repository', 'Repository'),
  page('/workers', 'Workers', IconCpu),
  page('/settings', 'Settings', IconSettings),
];

export const navigation = pages.filter((one) => one.icon !== undefined);

/** Whether a page of the navigation is where the visitor is: itself, or something below it. */
export function isOpen(path: string, location: string): boolean {
  return path === '/' ? location === '/' : location === path || location.startsWith(`${path}/`);
}

/** Loads the page of an address; nothing when there is none. */
export async function loadPageAt(location: string): Promise<void> {
  const path = pageAt(location);
  await pages.find((one) => one.path === path)?.load();
}

/** Loads the others while there is nothing else to do, so that each opens at once. */
export function loadPagesSoon(): () => void {
  const timer = setTimeout(
    () => pages.forEach((one) => void one.load().catch(() => undefined)),
    1000,
  );
  return () => clearTimeout(timer);
}
