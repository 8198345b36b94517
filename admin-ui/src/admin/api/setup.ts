import type { SetupAnswer, SetupRequest } from '@mortise/core/contract';
import { api } from '../../api/client';

/** Finishes the first-run wizard. With `demo` it takes as long as loading the sample data. */
export const finishSetup = (request: SetupRequest): Promise<SetupAnswer> =>
  api('/setup', { method: 'POST', body: request });
