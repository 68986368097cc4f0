import { useEffect } from 'react';
import { tabIcon } from './tabMark';

/** Shows the run in the browser's tab while the page is open. */
export function useTabMark(title: string, status: string): void {
  useEffect(() => {
    document.title = title;
  }, [title]);
  useEffect(() => {
    const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
    if (link === null) return;
    const { href, type } = link;
    link.href = tabIcon(status);
    return () => {
      link.href = href;
      link.type = type;
    };
  }, [status]);
}
