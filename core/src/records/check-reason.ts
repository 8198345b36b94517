import { invalidRecord } from '../errors/catalogue.ts';
import { hasForbiddenCharacters } from '../fields/clean-text.ts';
import type { WriteOptions } from './records.ts';
import { faultAt } from './value-fault.ts';

const MAX_LENGTH = 500;

/** The reason given with a write must fit the history. @throws MRT_RECORD_INVALID at `/reason` */
export function checkReason(options: WriteOptions | undefined): void {
  const reason = options?.reason;
  if (reason === undefined) return;
  if ([...reason].length > MAX_LENGTH) {
    throw invalidRecord([
      faultAt(
        '/reason',
        'MRT_VALUE_TOO_LONG',
        `最多 ${MAX_LENGTH} 个字符。`,
        `At most ${MAX_LENGTH} characters are allowed.`,
      ),
    ]);
  }
  if (hasForbiddenCharacters(reason)) {
    throw invalidRecord([
      faultAt('/reason', 'MRT_VALUE_CHARACTERS', '含有控制字符。', 'It contains control characters.'),
    ]);
  }
}
