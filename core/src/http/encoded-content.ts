import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { HttpContext } from './state.ts';

type Encoding = 'br' | 'gzip' | 'identity';

/** Content that is sent many times as it is: a file of the browser application, a view of the model. */
export interface EncodedContent {
  readonly type: string;
  readonly etag: string;
  /** Best first. */
  readonly encodings: readonly Encoding[];
  /** The content, compressed once on first use, off the main thread. */
  content(encoding: Encoding): Promise<Buffer>;
}

/** Below this a compressed answer saves no packet. */
const SMALLEST = 1024;

/** Content of a type, with its hash; text and pictures of lines are compressed. */
export function encodedContent(type: string, bytes: Buffer): EncodedContent {
  const compressible = /^(?:text|application)\/|svg/.test(type) && bytes.length > SMALLEST;
  const made = new Map<Encoding, Promise<Buffer>>();
  const compress = (encoding: Encoding): Promise<Buffer> => {
    if (encoding === 'br')
      return promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } });
    return encoding === 'gzip' ? promisify(gzip)(bytes, { level: 7 }) : Promise.resolve(bytes);
  };
  return {
    type,
    etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`,
    encodings: compressible ? ['br', 'gzip', 'identity'] : ['identity'],
    content(encoding) {
      let content = made.get(encoding);
      if (!content) made.set(encoding, (content = compress(encoding)));
      return content;
    },
  };
}

/** Sends the content in the best encoding that the client reads, or 304 to who has it already. */
export async function sendEncoded(
  http: Pick<
    HttpContext,
    'acceptsEncodings' | 'vary' | 'set' | 'fresh' | 'status' | 'type' | 'length' | 'body'
  >,
  content: EncodedContent,
  cacheControl: string,
): Promise<void> {
  const accepted = http.acceptsEncodings([...content.encodings]);
  const encoding = content.encodings.find((each) => each === accepted) ?? 'identity';
  http.set('Cache-Control', cacheControl);
  http.vary('Accept-Encoding');
  // Each encoding is a representation of its own.
  http.set('ETag', encoding === 'identity' ? content.etag : content.etag.replace(/"$/, `-${encoding}"`));
  http.status = 200;
  if (http.fresh) {
    http.status = 304;
    return;
  }
  if (encoding !== 'identity') http.set('Content-Encoding', encoding);
  const bytes = await content.content(encoding);
  http.type = content.type;
  http.length = bytes.length;
  http.body = bytes;
}
