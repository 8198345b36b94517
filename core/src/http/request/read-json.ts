import type { IncomingMessage } from 'node:http';
import { problem } from '../../errors/catalogue.ts';

/** Size of a JSON body when a route does not say otherwise. */
const JSON_LIMIT = 1024 * 1024;

/**
 * Reads the body of a request as a JSON object.
 * @throws MRT_REQUEST_TOO_LARGE above `limit` bytes, MRT_REQUEST_MALFORMED when it is not JSON, not an object, not
 * UTF-8, or not declared as JSON (a form of another site cannot send JSON without asking first).
 */
export async function readJson(
  request: IncomingMessage,
  limit: number = JSON_LIMIT,
): Promise<Readonly<Record<string, unknown>>> {
  const type = request.headers['content-type'] ?? '';
  const bytes = await readBytes(request, limit);
  if (bytes.length === 0) return {};
  if (!/^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(type)) {
    throw problem('MRT_REQUEST_MALFORMED', { reason: 'Content-Type: application/json' });
  }
  if (tooDeep(bytes))
    throw problem('MRT_REQUEST_MALFORMED', { reason: `nested deeper than ${DEEPEST} / 嵌套过深` });
  const value = parse(bytes);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw problem('MRT_REQUEST_MALFORMED', { reason: 'a JSON object is expected / 应为 JSON 对象' });
  }
  return value as Readonly<Record<string, unknown>>;
}

/**
 * The whole body as bytes. @throws `tooLarge()` above `limit` bytes, MRT_REQUEST_MALFORMED when it ends before its end
 */
export async function readUpTo(
  request: IncomingMessage,
  limit: number,
  tooLarge: () => Error,
): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of request as AsyncIterable<Buffer>) {
      size += part.length;
      if (size > limit) throw tooLarge();
      parts.push(part);
    }
  } catch (error) {
    // The sender went away; the same code of the database's connection would mean an outage.
    if ((error as NodeJS.ErrnoException).code === 'ECONNRESET')
      throw problem('MRT_REQUEST_MALFORMED', { reason: 'the body ended early / 正文中途结束' });
    throw error;
  }
  return Buffer.concat(parts);
}

async function readBytes(request: IncomingMessage, limit: number): Promise<Buffer> {
  const tooLarge = () => problem('MRT_REQUEST_TOO_LARGE', { max: `${Math.floor(limit / 1024)} KiB` });
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge();
  return await readUpTo(request, limit, tooLarge);
}

/** Deeper than anything we understand; what follows walks over the value and must not run out of stack. */
const DEEPEST = 100;
/** A body this short cannot be deep enough to harm, and most are. */
const SHORT = 2048;

function tooDeep(bytes: Buffer): boolean {
  if (bytes.length <= SHORT) return false;
  let depth = 0;
  let inText = false;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (inText) {
      if (byte === 0x5c) at += 1;
      else if (byte === 0x22) inText = false;
    } else if (byte === 0x22) inText = true;
    else if (byte === 0x7b || byte === 0x5b) {
      depth += 1;
      if (depth > DEEPEST) return true;
    } else if (byte === 0x7d || byte === 0x5d) depth -= 1;
  }
  return false;
}

/** Refuses what is not UTF-8; a mark at the beginning is passed over. */
const UTF8 = new TextDecoder('utf-8', { fatal: true });

function parse(bytes: Buffer): unknown {
  try {
    const text = UTF8.decode(bytes);
    // Looking at every key takes longer than reading the text; only these spellings can hide the one.
    return text.includes('__proto__') || text.includes('\\u')
      ? JSON.parse(text, withoutPrototype)
      : JSON.parse(text);
  } catch (error) {
    throw problem('MRT_REQUEST_MALFORMED', { reason: (error as Error).message });
  }
}

/** `__proto__` in JSON becomes an own property, which a later spread or assignment would take for the prototype. */
function withoutPrototype(key: string, value: unknown): unknown {
  if (key === '__proto__') throw new Error('the key __proto__ is not allowed');
  return value;
}
