import { useElementSize, useMergedRef } from '@mantine/hooks';
import {
  useEffect,
  useEffectEvent,
  useLayoutEffect,
  useRef,
  useState,
  type ReactNode,
} from 'react';
import classes from './LogList.module.css';
import { RowHeights } from './rowHeights';
import { ScrollScale } from './scrollScale';
import { useMarks } from './useMarks';

/** A row to bring into view; `at` tells one wish from the next. */
export interface Target {
  row: number;
  at: number;
}

export interface LogListProps {
  label: string;
  /** Rows there are. */
  count: number;
  /** Height of most rows; all are measured. */
  rowHeight: number;
  row: (index: number) => ReactNode;
  /** Told which rows are in view, after each change. */
  onView: (first: number, last: number) => void;
  /** Stays at the end while rows are added. The reader who scrolls away from it leaves it. */
  follow: boolean;
  onFollow: (follow: boolean) => void;
  target: Target | null;
  /** What to mark in the rows' elements with `data-searched`. */
  search: string;
}

const overscan = 10;
const pauseBeforeAligning = 160;

/**
 * A list of any number of rows, of which those in view exist. Heights are those that the rows turn
 * out to have; what the reader looks at stays where it is when one above it turns out taller. Made
 * here and not with a library's virtual list, since those keep a record of every row, and since a
 * million rows are taller than an element can be (scrollScale.ts).
 */
export function LogList(props: LogListProps) {
  const { count, rowHeight, follow, onFollow, onView, target } = props;
  const [heights] = useState(() => new RowHeights(rowHeight));
  const [view, setView] = useState({ position: 0, scrollTop: 0 });
  const size = useElementSize<HTMLDivElement>();
  const own = useRef<HTMLDivElement>(null);
  const ref = useMergedRef(size.ref, own);
  /** Where the scroll bar is, and where it was put by us. */
  const bar = useRef({ at: 0, set: -1 });
  /** The wish that was met, or given up. */
  const shown = useRef(0);

  const viewport = size.height;
  const scale = new ScrollScale(heights.offsetOf(count), viewport);
  const position = scale.clamp(view.position);
  const first = Math.min(heights.rowAt(position), Math.max(0, count - 1));
  const last = Math.min(heights.rowAt(position + viewport), count - 1);
  const from = Math.max(0, first - overscan);
  const to = Math.min(count - 1, last + overscan);

  function moveTo(wanted: number) {
    const element = own.current;
    if (!element) return;
    const now = scale.clamp(wanted);
    const scrollTop = scale.scrollTopOf(now);
    if (Math.abs(element.scrollTop - scrollTop) > 0.5) {
      element.scrollTop = scrollTop;
      bar.current.set = element.scrollTop;
    }
    bar.current.at = element.scrollTop;
    setView((old) =>
      old.position === now && old.scrollTop === element.scrollTop
        ? old
        : { position: now, scrollTop: element.scrollTop },
    );
  }

  function scrolled() {
    const element = own.current!;
    const { at, set } = bar.current;
    bar.current.at = element.scrollTop;
    if (Math.abs(element.scrollTop - set) < 1) {
      bar.current.set = -1;
      return; // our own doing
    }
    if (target !== null) shown.current = target.at; // the reader goes elsewhere
    const now = scale.moved(position, at, element.scrollTop);
    setView({ position: now, scrollTop: element.scrollTop });
    if (now >= scale.end - 2) onFollow(true);
    else if (now < position) onFollow(false);
  }

  /** Rows above turned out taller or lower: what is looked at stays where it is. */
  function keepPlace(now: number) {
    setView((old) => ({ ...old, position: now }));
  }

  // After steps by pixels the bar of a scaled list is a little off its place.
  const align = useEffectEvent(() => moveTo(position));
  useEffect(() => {
    if (!scale.scaled) return;
    const timer = setTimeout(() => align(), pauseBeforeAligning);
    return () => clearTimeout(timer);
  }, [scale.scaled, view]);

  useLayoutEffect(() => {
    const within = position - heights.offsetOf(first);
    let changed = false;
    for (const element of own.current!.querySelectorAll<HTMLElement>(':scope > div > [data-row]')) {
      if (element.offsetHeight === 0) continue; // not shown: another tab is
      if (heights.set(Number(element.dataset.row), element.offsetHeight)) changed = true;
    }
    if (changed) {
      // Heights are known only once the rows are there: this renders once more before it is seen.
      // eslint-disable-next-line react-hooks/set-state-in-effect
      keepPlace(heights.offsetOf(first) + within);
    } else if (follow) {
      moveTo(scale.end);
    } else if (!scale.scaled && Math.abs(position - view.scrollTop) > 0.5) {
      moveTo(position);
    }
  });

  const show = useEffectEvent((wish: Target) => {
    moveTo(heights.offsetOf(Math.min(wish.row, Math.max(0, count - 1))) - viewport / 3);
  });
  useEffect(() => {
    if (target === null || shown.current === target.at || viewport === 0 || count === 0) return;
    // What is not known yet is gone to when it is: the counts of a run that just ended come a little later.
    if (target.row < count) shown.current = target.at;
    show(target);
  }, [target, viewport, count]);

  useEffect(() => onView(from, to));
  useMarks(own, props.search);

  const rows: ReactNode[] = [];
  for (let index = from; index <= to; index += 1) {
    const top = view.scrollTop + heights.offsetOf(index) - position;
    rows.push(
      <div
        key={index}
        data-row={index}
        className={classes.row}
        style={{ transform: `translateY(${top}px)`, minHeight: rowHeight }}
      >
        {props.row(index)}
      </div>,
    );
  }
  return (
    <div
      ref={ref}
      className={classes.scroller}
      onScroll={scrolled}
      tabIndex={0}
      role="region"
      aria-label={props.label}
    >
      <div style={{ height: scale.height }}>{rows}</div>
    </div>
  );
}
