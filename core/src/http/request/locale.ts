import type { Locale } from '../../text/locale.ts';

/**
 * The language a client asks for by `Accept-Language`, or null when it names none of ours. Any Chinese gives
 * `zh-CN`, any English `en`; the weights decide, then the order.
 */
export function localeOfHeader(header: string | undefined): Locale | null {
  if (!header) return null;
  const wishes = header.split(',').map((part, position) => {
    const [tag = '', ...parameters] = part.trim().toLowerCase().split(';');
    const weight = parameters.map((each) => each.trim()).find((each) => each.startsWith('q='));
    return { tag: tag.trim(), weight: weight ? Number(weight.slice(2)) || 0 : 1, position };
  });
  wishes.sort((a, b) => b.weight - a.weight || a.position - b.position);
  for (const { tag, weight } of wishes) {
    if (weight <= 0) continue;
    if (tag === 'zh' || tag.startsWith('zh-')) return 'zh-CN';
    if (tag === 'en' || tag.startsWith('en-')) return 'en';
  }
  return null;
}
