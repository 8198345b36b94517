import type { Fault } from '../errors/problem.ts';
import type { FieldModel } from '../model/model.ts';
import { faultAt } from './value-fault.ts';

/** What is known of an attachment; `size` in bytes. */
export interface FileFacts {
  readonly name: string;
  readonly size: number;
}

const MEGABYTE = 1024 * 1024;

/** Faults of an attachment against `maxSize` and `accept` of its field (ENG-03). */
export function fileFaults(field: FieldModel, path: string, file: FileFacts): Fault[] {
  const { maxSize, accept } = field.def as { readonly maxSize?: number; readonly accept?: string };
  const faults: Fault[] = [];
  if (maxSize !== undefined && file.size > maxSize * MEGABYTE) {
    faults.push(
      faultAt(
        path,
        'MRT_VALUE_FILE_SIZE',
        `“${file.name}”超过 ${maxSize} MB。`,
        `“${file.name}” is larger than ${maxSize} MB.`,
      ),
    );
  }
  const allowed = extensionsOf(accept);
  if (allowed !== null && !hasOne(file.name, allowed)) {
    const kinds = allowed.join(', ');
    faults.push(
      faultAt(
        path,
        'MRT_VALUE_FILE_TYPE',
        `“${file.name}”的类型不允许,只接受 ${kinds}。`,
        `“${file.name}” is of a kind that is not accepted here, only ${kinds}.`,
      ),
    );
  }
  return faults;
}

/** `".pdf, DOCX"` → `.pdf`, `.docx`; null when everything is accepted. */
function extensionsOf(accept: string | undefined): readonly string[] | null {
  const listed = (accept ?? '')
    .toLowerCase()
    .split(/[\s,,;;、]+/)
    .filter(Boolean)
    .map((each) => (each.startsWith('.') ? each : `.${each}`));
  return listed.length === 0 ? null : listed;
}

function hasOne(name: string, extensions: readonly string[]): boolean {
  const lower = name.toLowerCase();
  return extensions.some((extension) => lower.endsWith(extension));
}
