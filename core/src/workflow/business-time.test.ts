import { expect, it } from 'vitest';
import { momentOf } from './business-time.ts';

it('ENG-19 reads the clocks of a zone in every year, those before 100 too', () => {
  expect(momentOf('0050-01-01', '00:00', 'UTC').toISOString()).toBe('0050-01-01T00:00:00.000Z');
  expect(momentOf('2026-03-02', '09:00', 'Asia/Shanghai').toISOString()).toBe('2026-03-02T01:00:00.000Z');
});
