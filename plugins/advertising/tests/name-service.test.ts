import type { RecordData } from '@mortise/core/plugin';
import { describe, expect, it } from 'vitest';
import { nameService } from '../src/name-service.ts';
import { orderEvent } from './order-fixture.ts';

const HALF: RecordData = {
  service_type: 'inside_page',
  edition: 'baijiu',
  size: 'half',
  colour: 'full_color',
};

describe('nameService', () => {
  it('names a service after its type, edition, size and colour', () => {
    expect(nameService(orderEvent(HALF))).toEqual({ name: '内页广告 · 白酒版 · 1/2版 · 彩色' });
  });

  it('DICT-00 uses the code of a value that an administrator has added', () => {
    expect(nameService(orderEvent({ service_type: 'newsletter' }))).toEqual({ name: 'newsletter' });
  });

  it('leaves a name that somebody gave', () => {
    expect(nameService(orderEvent({ ...HALF, name: '半版' }))).toBeUndefined();
    expect(nameService(orderEvent({ size: 'quarter' }, { ...HALF, name: '半版' }))).toBeUndefined();
  });

  it('renames a service that it named itself', () => {
    const stored = { ...HALF, name: '内页广告 · 白酒版 · 1/2版 · 彩色' };
    expect(nameService(orderEvent({ size: 'quarter' }, stored))).toEqual({
      name: '内页广告 · 白酒版 · 1/4版 · 彩色',
    });
  });
});
