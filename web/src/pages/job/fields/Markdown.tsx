import MarkdownToJsx from 'markdown-to-jsx/react';
import classes from './Fields.module.css';

/** An author's Markdown. Raw HTML stays text; links that are scripts lose their target. */
export default function Markdown({ text }: { text: string }) {
  return (
    <MarkdownToJsx
      options={{ disableParsingRawHTML: true, forceBlock: true, wrapper: 'span' }}
      className={classes.help}
    >
      {text}
    </MarkdownToJsx>
  );
}
