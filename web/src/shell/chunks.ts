/** Where the code of each page is: apart from the pages' list, so that it can be asked for before that is loaded. */
import type { QueryClient } from '@tanstack/react-query';
import type { ComponentType } from 'react';

export interface PageModule {
  default: ComponentType;
  /** Asks for what the page shows first, so that it is drawn once, with that in it. */
  prefetch?: (client: QueryClient, search: string) => Promise<unknown>[];
}

export type Load = () => Promise<PageModule>;

export const chunks = {
  '/': () => import('~/pages/home/Home'),
  '/jobs': () => import('~/pages/jobs/Jobs'),
  '/jobs/:classPath': () => import('~/pages/job/Job'),
  '/results': () => import('~/pages/results/Results'),
  '/results/:id': () => import('~/pages/result/Result'),
  '/repositories': () => import('~/pages/repositories/Repositories'),
  '/repositories/:repository': () => import('~/pages/repository/Repository'),
  '/workers': () => import('~/pages/workers/Workers'),
  '/settings': () => import('~/pages/settings/Settings'),
} satisfies Record<string, Load>;

export type PagePath = keyof typeof chunks;

/** The page of an address; undefined when there is none. */
export function pageAt(location: string): PagePath | undefined {
  return (Object.keys(chunks) as PagePath[]).find((path) =>
    new RegExp(`^${path.replace(/:\w+/g, '[^/]+')}$`).test(location),
  );
}
