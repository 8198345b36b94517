import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fieldView } from '../testing/views.ts';
import { kindOf, knownTypes } from './kinds.ts';
import { groupDigits } from './number/kind.ts';
import { readTyped } from './typed/read-typed.ts';
import { fromWallTime, toWallTime } from './zone-time.ts';

const scope = {
  locale: 'zh-CN',
  timeZone: 'Asia/Shanghai',
  yes: (v: boolean) => (v ? '是' : '否'),
  text: (l: { 'zh-CN': string }) => l['zh-CN'],
} as const;
const cell = (type: string, value: unknown, display?: unknown, def: Record<string, unknown> = {}): string => {
  const field = fieldView('f', type, { def });
  return kindOf(field).cell(value, display, field, scope);
};

describe('field kinds', () => {
  it('ENG-02 know every field type of the core', () => {
    const folder = new URL('../../../core/src/fields', import.meta.url).pathname;
    const core = readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
    expect(core.length).toBeGreaterThan(15);
    expect(knownTypes()).toEqual(expect.arrayContaining(core));
  });

  it('print values as people read them', () => {
    expect(cell('money', '1234567.50')).toBe('1,234,567.50');
    expect(cell('integer', -1200)).toBe('-1,200');
    expect(cell('boolean', false)).toBe('否');
    expect(cell('boolean', null)).toBe('');
    expect(cell('datetime', '2026-03-01T16:30:00.000Z')).toBe('2026-03-02 00:30');
    expect(cell('reference', 'id', '张三')).toBe('张三');
    expect(
      cell('choice', ['a', 'b'], undefined, { options: { a: { label: { 'zh-CN': '甲', en: 'A' } } } }),
    ).toBe('甲、b');
  });

  it('ENG-03 read what people type, and keep what they cannot read', () => {
    const read = (type: string, text: string): unknown =>
      readTyped(fieldView('f', type), text, 'Asia/Shanghai');
    expect(read('percent', '12.5%')).toBe('0.1250');
    expect(read('duration', '1小时30分')).toBe(5400);
    expect(read('time', '下午3点')).toBe('15:00');
    expect(read('colour', '#ABC')).toBe('#aabbcc');
    expect(read('percent', 'viel')).toBe('viel');
    expect(read('time', ' ')).toBeNull();
  });

  it('ENG-03 print the newer types in both languages', () => {
    expect(cell('percent', '0.1250')).toBe('12.5%');
    expect(cell('duration', 5400)).toBe('1小时30分');
    expect(cell('rating', 2, undefined, { maximum: 3 })).toBe('★★☆');
    expect(cell('tags', ['重点', 'VIP'])).toBe('重点、VIP');
  });

  it('group digits of a decimal text without rounding it', () => {
    expect(groupDigits('99999999999999.99')).toBe('99,999,999,999,999.99');
    expect(groupDigits('')).toBe('');
    expect(groupDigits('12x')).toBe('12x');
  });
});

describe('times of the installation', () => {
  it('are typed and shown in its zone', () => {
    expect(fromWallTime('2026-11-22 08:00:00', 'Asia/Shanghai')).toBe('2026-11-22T00:00:00.000Z');
    expect(toWallTime('2026-07-01T12:00:00Z', 'Europe/Berlin')).toBe('2026-07-01 14:00:00');
    expect(fromWallTime('2026-01-15 14:00:00', 'Europe/Berlin')).toBe('2026-01-15T13:00:00.000Z');
  });
});
