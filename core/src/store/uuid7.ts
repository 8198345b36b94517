import { randomFillSync } from 'node:crypto';

/** Random bytes are drawn for many ids at once: each call of the generator costs as much as the whole id. */
const POOL = Buffer.alloc(8 * 512);
let drawn = POOL.length;
let lastTime = 0;
let counter = 0;

/**
 * A UUIDv7 (RFC 9562): 48 bits of milliseconds, a 12-bit counter that keeps the ids of one process in the order they
 * were made, 62 random bits. @example uuid7() // '019ab3c2-7f5e-7000-9d2f-3b6c1f0a5e44'
 */
export function uuid7(): string {
  const now = Date.now();
  if (now > lastTime) {
    lastTime = now;
    counter = 0;
  } else if (++counter > 0xfff) {
    lastTime += 1;
    counter = 0;
  }
  if (drawn === POOL.length) {
    randomFillSync(POOL);
    drawn = 0;
  }
  POOL[drawn] = (POOL[drawn]! & 0x3f) | 0x80;
  const tail = POOL.toString('hex', drawn, (drawn += 8));
  const time = lastTime.toString(16).padStart(12, '0');
  const middle = `7${counter.toString(16).padStart(3, '0')}`;
  return `${time.slice(0, 8)}-${time.slice(8)}-${middle}-${tail.slice(0, 4)}-${tail.slice(4)}`;
}
