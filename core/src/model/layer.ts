import type { AnyDocument, DocumentKind } from './documents.ts';
import type { LayerName } from './model.ts';

/** One document of a layer, as written. `file` names it in messages; empty for the site's overlays. */
export interface LayerDocument {
  readonly kind: DocumentKind;
  readonly name: string;
  readonly document: AnyDocument;
  readonly file: string;
}

/** All documents of one origin: the base, a plugin, or the site. */
export interface Layer {
  readonly name: LayerName;
  readonly documents: readonly LayerDocument[];
}
