// @vitest-environment happy-dom
import { mount } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import { defineComponent } from 'vue';
import { allowedNodes } from './allowed-nodes.ts';

/** What the page would show of `html`. */
const shown = (html: string): string =>
  mount(defineComponent({ setup: () => () => allowedNodes(`${html}`) })).html({ raw: true });

describe('rich text that is only shown', () => {
  it('ENG-03 keeps headings, lists and links, which open elsewhere', () => {
    const html = shown('<h2>题</h2><ul><li>一</li></ul><p><a href="https://b.cn">b</a></p>');
    expect(html).toContain('<h2>题</h2>');
    expect(html).toContain('<ul><li>一</li></ul>');
    expect(html).toMatch(/<a href="https:\/\/b\.cn" target="_blank" rel="noopener noreferrer">b<\/a>/);
  });

  it.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '<p onclick="alert(1)">一</p>',
    '<a href="javascript:alert(1)">一</a>',
    '<a href=" javascript:alert(1)">一</a>',
    '<svg onload=alert(1)><a href="javascript:alert(1)">x</a></svg>',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    '<style>*{color:red}</style>',
  ])('SEC-12 brings nothing to life that came past the server: %s', (html) => {
    expect(shown(html)).not.toMatch(/script|onerror|onclick|onload|javascript|<img|<svg|<iframe|<style/i);
  });
});
