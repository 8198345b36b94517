import { describe, expect, it } from 'vitest';
import { shownPath, shownValue } from './shown-value';

describe('places and values of documents in words', () => {
  it('shows the way to a place', () => {
    expect(shownPath('entity/contact#/properties/a~1b/maxLength')).toBe(
      'entity/contact › properties › a/b › maxLength',
    );
    expect(shownPath('plugin/advertising#')).toBe('plugin/advertising');
  });

  it('shows texts as they are, nothing as a dash, and cuts long values', () => {
    expect(shownValue('微信号')).toBe('微信号');
    expect(shownValue(undefined)).toBe('—');
    expect(shownValue({ a: 1 })).toBe('{"a":1}');
    expect(shownValue('x'.repeat(300))).toHaveLength(200);
  });
});
