import { describe, expect, it } from 'vitest';
import { displayMoney, displayValue } from './display.ts';
import { defOf, en, zh } from './field-fixture.ts';

describe('display', () => {
  it('I18N-01 shows cells by type in both languages', () => {
    expect(displayValue('boolean', true, defOf('boolean'), zh)).toBe('是');
    expect(displayValue('boolean', true, defOf('boolean'), en)).toBe('Yes');
    expect(displayValue('money', '1234.5', defOf('money'), zh)).toBe('1,234.50');
    expect(displayValue('text', null, defOf('text'), zh)).toBe('');
    expect(displayValue('ghost', 'x', defOf('ghost'), zh)).toBe('');
  });

  it('shows amounts with their currency, exactly', () => {
    expect(displayMoney('1234567890123.45', 'CNY', 'zh-CN')).toBe('¥1,234,567,890,123.45');
    expect(displayMoney('-5.00', 'USD', 'en')).toBe('-$5.00');
    expect(displayMoney('5.00', 'JPY', 'en')).toBe('¥5.00');
    expect(displayMoney('5.00', null, 'en')).toBe('5.00');
    expect(displayMoney('5.00', 'points', 'en')).toBe('5.00 points');
    expect(displayMoney(null, 'CNY', 'en')).toBe('');
  });
});
