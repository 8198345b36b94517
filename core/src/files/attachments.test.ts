import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { safeName } from './attachments.ts';
import { detectType } from './detect-type.ts';
import { folderStore } from './file-store.ts';

describe('attachments', () => {
  let root = '';
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'mortise-files-'));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  it('NF-SEC-01 takes the type from the content, not from the name', () => {
    expect(detectType(Buffer.from('89504e470d0a1a0a00', 'hex'))).toBe('image/png');
    expect(detectType(Buffer.from('<html><script>alert(1)</script>'))).toBe('text/plain');
    expect(detectType(Buffer.from('%PDF-1.7'))).toBe('application/pdf');
    expect(detectType(Buffer.from([0, 1, 2]))).toBe('application/octet-stream');
    expect(detectType(Buffer.from('糖酒会参展合同'))).toBe('text/plain');
  });

  it.each([
    ['../../etc/passwd', 'passwd'],
    ['C:\\合同\\2026 广告.pdf', '2026 广告.pdf'],
    ['a"b\u0000c.png', 'abc.png'],
    ['...', 'file'],
  ])('NF-SEC-01 makes the name %j safe', (name, safe) => {
    expect(safeName(name)).toBe(safe);
  });

  it('stores the same content once and reads it back', async () => {
    const store = folderStore(root);
    const first = await store.put(Buffer.from('合同'));
    expect(await store.put(Buffer.from('合同'))).toBe(first);
    expect((await store.get(first)).toString()).toBe('合同');
    expect((await readdir(root, { recursive: true })).filter((name) => name.endsWith(first))).toHaveLength(1);
  });
});
