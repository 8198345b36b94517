import type { BeforeWrite, RecordData } from '@mortise/core/plugin';
import { fittingAttributes } from './fitting-attributes.ts';
import { nameService } from './name-service.ts';

/** Before a service is written: empties attributes that its new type does not have, and names it. */
export function writeService(event: BeforeWrite): RecordData {
  const fitting = fittingAttributes(event);
  return { ...fitting, ...nameService({ ...event, draft: { ...event.draft, ...fitting } }) };
}
