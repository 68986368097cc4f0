import { useLayoutEffect, type RefObject } from 'react';

const name = 'found'; // as LogList.module.css colours it

/** The places of a text in one node, in any case of letters. */
export function placesOf(content: string, text: string): [begin: number, end: number][] {
  const places: [number, number][] = [];
  const within = content.toLowerCase();
  const wanted = text.toLowerCase();
  // Where lower case is longer than what was written, the places are not those of the content.
  if (wanted === '' || within.length !== content.length) return places;
  for (let at = within.indexOf(wanted); at >= 0; at = within.indexOf(wanted, at + wanted.length)) {
    places.push([at, at + wanted.length]);
  }
  return places;
}

/**
 * Marks a text wherever it stands in the elements with `data-searched`, after each rendering. The elements are left as
 * they are, since the server made their HTML; a browser that cannot do so shows no marks.
 */
export function useMarks(box: RefObject<HTMLElement | null>, text: string): void {
  useLayoutEffect(() => {
    if (text === '' || box.current === null || !('highlights' in CSS)) return;
    const found = new Highlight();
    for (const element of box.current.querySelectorAll('[data-searched]')) {
      const nodes = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
      for (let node = nodes.nextNode(); node !== null; node = nodes.nextNode()) {
        for (const [begin, end] of placesOf(node.nodeValue ?? '', text)) {
          const range = new Range();
          range.setStart(node, begin);
          range.setEnd(node, end);
          found.add(range);
        }
      }
    }
    CSS.highlights.set(name, found);
    return () => void CSS.highlights.delete(name);
  });
}
