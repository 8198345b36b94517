import type { ChainedCommands } from '@tiptap/core';

/** A button of the toolbar. */
interface Mark {
  readonly name: string;
  readonly sign: string;
  /** What makes the button look pressed. */
  readonly active?: readonly [string, Record<string, unknown>?];
  run(chain: ChainedCommands): void;
}

/** The buttons in their order. A link asks for its address first. */
export const MARKS: readonly Mark[] = [
  { name: 'bold', sign: 'B', active: ['bold'], run: (chain) => chain.toggleBold().run() },
  { name: 'italic', sign: 'I', active: ['italic'], run: (chain) => chain.toggleItalic().run() },
  { name: 'underline', sign: 'U', active: ['underline'], run: (chain) => chain.toggleUnderline().run() },
  { name: 'strike', sign: 'S', active: ['strike'], run: (chain) => chain.toggleStrike().run() },
  {
    name: 'heading',
    sign: 'H1',
    active: ['heading', { level: 2 }],
    run: (chain) => chain.toggleHeading({ level: 2 }).run(),
  },
  {
    name: 'subheading',
    sign: 'H2',
    active: ['heading', { level: 3 }],
    run: (chain) => chain.toggleHeading({ level: 3 }).run(),
  },
  { name: 'bullets', sign: '•', active: ['bulletList'], run: (chain) => chain.toggleBulletList().run() },
  { name: 'numbers', sign: '1.', active: ['orderedList'], run: (chain) => chain.toggleOrderedList().run() },
  { name: 'quote', sign: '❝', active: ['blockquote'], run: (chain) => chain.toggleBlockquote().run() },
  { name: 'link', sign: '↗', active: ['link'], run: (chain) => chain.run() },
  { name: 'undo', sign: '↶', run: (chain) => chain.undo().run() },
  { name: 'redo', sign: '↷', run: (chain) => chain.redo().run() },
];
