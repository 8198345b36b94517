const SUFFIX = '.tar.gz';

/** `mortise-2026-11-22T02-31-09Z.tar.gz`: sorted by name is sorted by time. */
export function backupName(at: Date, word = 'mortise'): string {
  return `${word}-${fileStamp(at)}Z${SUFFIX}`;
}

/** A moment as a part of a file's name, in UTC: `2026-11-22T02-31-09`. */
export function fileStamp(at: Date): string {
  return at.toISOString().slice(0, 19).replaceAll(':', '-');
}

/** Is it the name of a finished archive? Never a path. */
export function isBackupName(name: string): boolean {
  return /^[a-z-]+-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ\.tar\.gz$/.test(name);
}
