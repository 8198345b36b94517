import { api, send } from './client';
import type { Filter } from './records';

export interface PrintRequest {
  readonly template: string;
  readonly entity: string;
  readonly ids?: readonly string[];
  readonly filter?: Filter;
  /** Ticked fields in their order (PRN-02). */
  readonly fields?: readonly string[];
  /** First free label of a sheet, from 1. */
  readonly start?: number;
}

/** Renders on the server and gives the address of the sandboxed document. */
export async function previewPrint(request: PrintRequest): Promise<string> {
  const answer = await api<{ readonly url: string }>('/print', {
    method: 'POST',
    body: { ...request, format: 'html' },
  });
  return answer.url;
}

/** @throws ApiProblem MRT_PRINT_PDF_UNAVAILABLE */
export async function printPdf(request: PrintRequest): Promise<Blob> {
  const response = await send('/print', { method: 'POST', body: { ...request, format: 'pdf' } });
  return response.blob();
}
