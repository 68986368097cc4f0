import { useId, useLayoutEffect, useRef, useState, type ReactNode } from 'react';
import classes from './Popup.module.css';

interface PopupProps {
  /** What opens, for who does not see it. */
  label: string;
  button: ReactNode;
  buttonClass: string;
  /** Which edges of button and popup are in line. */
  side?: 'left' | 'right';
  /** What is shown; made when it is opened. A link in it that is followed closes it. */
  children: () => ReactNode;
}

const edge = 8; // pixels that stay free beside it

/**
 * A button that opens something beside it: the browser's own popover, which closes by Escape and by a click elsewhere, and gives the
 * focus back.
 */
export function Popup({ label, button, buttonClass, side = 'left', children }: PopupProps) {
  const id = useId();
  const opener = useRef<HTMLButtonElement>(null);
  const popup = useRef<HTMLDivElement>(null);
  const [opened, setOpened] = useState(false);
  useLayoutEffect(() => {
    if (!opened || opener.current === null || popup.current === null) return;
    place(popup.current, opener.current.getBoundingClientRect(), side);
    popup.current.focus();
  }, [opened, side]);
  return (
    <>
      <button
        ref={opener}
        type="button"
        className={buttonClass}
        popoverTarget={id}
        aria-expanded={opened}
      >
        {button}
      </button>
      <div
        ref={popup}
        id={id}
        popover="auto"
        role="dialog"
        aria-label={label}
        tabIndex={-1}
        className={classes.popup}
        onClick={(event) => {
          if ((event.target as Element).closest('a')) event.currentTarget.hidePopover();
        }}
        onToggle={(event) => setOpened(event.newState === 'open')}
      >
        {opened && children()}
      </div>
    </>
  );
}

function place(popup: HTMLElement, beside: DOMRect, side: 'left' | 'right') {
  const wanted = side === 'left' ? beside.left : beside.right - popup.offsetWidth;
  const most = document.documentElement.clientWidth - popup.offsetWidth - edge;
  popup.style.left = `${window.scrollX + Math.max(edge, Math.min(wanted, most))}px`;
  popup.style.top = `${window.scrollY + beside.bottom + edge}px`;
}
