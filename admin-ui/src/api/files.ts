import { api } from './client';

/** An attachment as the server describes it. */
export interface StoredFile {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly size: number;
}

/** The field of a stored record through which its files are read. */
export interface FilePlace {
  readonly entity: string;
  readonly record: string;
  readonly field: string;
}

const folder = (place: FilePlace): string => `/records/${place.entity}/${place.record}/files/${place.field}`;

/** Sends a file; its id may then stand in a `files` or `images` field. @throws ApiProblem MRT_FILE_REFUSED */
export function uploadFile(file: File): Promise<StoredFile> {
  return api('/files', {
    method: 'POST',
    query: { name: file.name },
    raw: { data: file, type: file.type || 'application/octet-stream' },
  });
}

export async function listFiles(place: FilePlace): Promise<readonly StoredFile[]> {
  return (await api<{ readonly items: readonly StoredFile[] }>(folder(place))).items;
}

/** Address of the content, for links and images. */
export const fileAddress = (place: FilePlace, id: string): string => `/api/v1${folder(place)}/${id}`;
