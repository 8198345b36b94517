import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PAGES = ['README.md', ...globSync(['docs/**/*.md', 'plugins/*/*.md', 'metadata/*.md'], { cwd: ROOT })]
  .filter((page) => !page.includes('node_modules'))
  .sort();

/** Links and images of a page, outside code. */
function linksOf(markdown: string): readonly string[] {
  const prose = markdown.replace(/```[\s\S]*?```/g, '').replace(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^()\s]+)\)/g)].map(([, target]) => target ?? '');
}

/** Anchors as GitHub makes them from headings. */
function anchorsOf(markdown: string): ReadonlySet<string> {
  return new Set(
    [...markdown.replace(/```[\s\S]*?```/g, '').matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
      (heading ?? '')
        .trim()
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .replace(/\s/g, '-'),
    ),
  );
}

describe('links of the documentation', () => {
  it.each(PAGES)('%s leads only to what exists', (page) => {
    const broken = linksOf(readFileSync(join(ROOT, page), 'utf8')).filter((target) => {
      if (/^[a-z]+:/.test(target)) return false;
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? join(ROOT, page) : join(ROOT, dirname(page), decodeURIComponent(path));
      if (!existsSync(file) || relative(ROOT, file).startsWith('..')) return true;
      return anchor !== undefined && !anchorsOf(readFileSync(file, 'utf8')).has(anchor);
    });
    expect(broken).toEqual([]);
  });

  it('finds a broken link', () => {
    expect(linksOf('![a](images/a.png) `[b](b)` [c](../c.md#d)')).toEqual(['images/a.png', '../c.md#d']);
    expect(anchorsOf('## Users and roles\n### vet-clinic: 榫卯')).toEqual(
      new Set(['users-and-roles', 'vet-clinic-榫卯']),
    );
  });
});
