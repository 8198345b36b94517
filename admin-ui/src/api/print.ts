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

/** A rendered document, and the records that lack something the template needs (PRN-06). */
export interface PrintPreview {
  /** Address of the sandboxed document. */
  readonly url: string;
  readonly count: number;
  readonly missing: readonly {
    readonly id: string;
    readonly display: string;
    readonly fields: readonly string[];
  }[];
}

/** Renders on the server. */
export function previewPrint(request: PrintRequest): Promise<PrintPreview> {
  return api('/print', { method: 'POST', body: { ...request, format: 'html' } });
}

/** @throws ApiProblem MRT_PRINT_PDF_UNAVAILABLE */
export async function printPdf(request: PrintRequest): Promise<Blob> {
  const response = await send('/print', { method: 'POST', body: { ...request, format: 'pdf' } });
  return response.blob();
}

/** Asks for a refused output to be let past its limit once (WF-12). @param entry of the refusal */
export function requestRelease(entry: string, purpose: string): Promise<{ readonly id: string }> {
  return api('/output-log/requests', { method: 'POST', body: { entry, purpose } });
}
