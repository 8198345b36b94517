// Declares every failpoint: whatever a server loads is loaded here.
import '../../core/src/cli/start.ts';
import { failpointNames } from '../../core/src/store/failpoint.ts';

/** Every named failpoint of the product, sorted. */
export const failpoints = failpointNames;
