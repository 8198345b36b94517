interface Signature {
  readonly type: string;
  readonly bytes: readonly (number | null)[];
}

/** First bytes of the kinds of file an office attaches. `null` matches any byte. */
const SIGNATURES: readonly Signature[] = [
  { type: 'image/png', bytes: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] },
  { type: 'image/jpeg', bytes: [0xff, 0xd8, 0xff] },
  { type: 'image/gif', bytes: [0x47, 0x49, 0x46, 0x38] },
  { type: 'image/webp', bytes: [0x52, 0x49, 0x46, 0x46, null, null, null, null, 0x57, 0x45, 0x42, 0x50] },
  { type: 'application/pdf', bytes: [0x25, 0x50, 0x44, 0x46, 0x2d] },
  { type: 'application/zip', bytes: [0x50, 0x4b, 0x03, 0x04] },
  { type: 'application/x-ole-storage', bytes: [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1] },
];

/** Types a browser may show in place; everything else is downloaded. */
export const IMAGE_TYPES: ReadonlySet<string> = new Set([
  'image/png',
  'image/jpeg',
  'image/gif',
  'image/webp',
]);

/** Type of a file by its content, never by its name; `application/octet-stream` when unknown. */
export function detectType(content: Uint8Array): string {
  const found = SIGNATURES.find(({ bytes }) =>
    bytes.every((byte, index) => byte === null || content[index] === byte),
  );
  if (found) return found.type;
  return content.length > 0 && isText(content) ? 'text/plain' : 'application/octet-stream';
}

function isText(content: Uint8Array): boolean {
  const start = content.subarray(0, 4096);
  if (start.includes(0)) return false;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(start, { stream: true });
    return true;
  } catch {
    return false;
  }
}
