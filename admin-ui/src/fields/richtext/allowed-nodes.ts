import { h, type VNodeArrayChildren } from 'vue';

/** The elements that the server leaves in rich text. */
const ALLOWED = new Set('P BR STRONG EM U S A UL OL LI H2 H3 BLOCKQUOTE CODE PRE HR'.split(' '));

/**
 * Builds what rich text shows from the allowed elements, node by node. No text is ever taken for HTML by the page,
 * so even a value that came past the server's cleaning shows as text.
 */
export function allowedNodes(html: string): VNodeArrayChildren {
  return childrenOf(new DOMParser().parseFromString(html, 'text/html').body);
}

function childrenOf(parent: Node): VNodeArrayChildren {
  return [...parent.childNodes].flatMap((node) => {
    if (node.nodeType === Node.TEXT_NODE) return [node.textContent ?? ''];
    if (!(node instanceof Element) || ['SCRIPT', 'STYLE'].includes(node.tagName)) return [];
    if (!ALLOWED.has(node.tagName)) return childrenOf(node);
    return [h(node.tagName.toLowerCase(), attributesOf(node), childrenOf(node))];
  });
}

function attributesOf(element: Element): Record<string, string> {
  const href = element.getAttribute('href') ?? '';
  const safe = element.tagName === 'A' && /^(https?:\/\/|mailto:|tel:)/i.test(href);
  return safe ? { href, target: '_blank', rel: 'noopener noreferrer' } : {};
}
