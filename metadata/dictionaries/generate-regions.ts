/**
 * Writes the dictionaries of places and currencies beside this file. Run by hand after an update of their sources:
 * `npx node metadata/dictionaries/generate-regions.ts`. A test holds the files against a rebuild.
 */
import { writeFileSync } from 'node:fs';
import { regionDocuments } from './region-documents.ts';

for (const document of regionDocuments()) {
  writeFileSync(new URL(`${document.name}.json`, import.meta.url), `${JSON.stringify(document, null, 2)}\n`);
}
