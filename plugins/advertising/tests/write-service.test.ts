import { describe, expect, it } from 'vitest';
import { writeService } from '../src/write-service.ts';
import { orderEvent } from './order-fixture.ts';

const HALF = {
  service_type: 'inside_page',
  edition: 'baijiu',
  column: null,
  size: 'half',
  colour: 'full_color',
  details: null,
  name: '半版',
};

describe('writeService', () => {
  it('DM-ADS-09 empties edition, column, size and colour when a service leaves the semi-monthly', () => {
    expect(writeService(orderEvent({ service_type: 'outdoor' }, HALF))).toEqual({
      edition: null,
      column: null,
      size: null,
      colour: null,
    });
  });

  it('DM-ADS-09 empties the details of a service that comes to the semi-monthly', () => {
    const board = { service_type: 'outdoor', details: '高速路口', name: '路牌' };
    expect(writeService(orderEvent({ service_type: 'semimonthly' }, board))).toEqual({ details: null });
  });

  it('keeps everything between two types of the semi-monthly', () => {
    expect(writeService(orderEvent({ service_type: 'inner_insert' }, HALF))).toEqual({ details: null });
  });

  it('leaves what was sent, and types that an administrator has added, to the rules', () => {
    expect(writeService(orderEvent({ service_type: 'outdoor', edition: 'baijiu' }, HALF))).not.toHaveProperty(
      'edition',
    );
    expect(writeService(orderEvent({ service_type: 'newsletter' }, HALF))).toEqual({});
  });

  it('names a service after what is left', () => {
    const named = { ...HALF, name: '内页广告 · 白酒版 · 1/2版 · 彩色' };
    expect(writeService(orderEvent({ service_type: 'outdoor' }, named))).toMatchObject({ name: '户外' });
  });
});
