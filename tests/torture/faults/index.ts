import type { Fault } from '../fault.ts';
import { clockJump } from './clock-jump.ts';
import { failpointFault } from './failpoints.ts';
import { firstStart } from './first-start.ts';
import { fullDisk } from './full-disk.ts';
import { lostConnection } from './lost-connection.ts';
import { malformedRequests } from './malformed-requests.ts';
import { manyClients } from './many-clients.ts';
import { pausedNode } from './paused-node.ts';
import { randomDeath } from './random-death.ts';
import { rulesFault } from './rules.ts';
import { slowDatabase } from './slow-database.ts';

/** In the order in which they are tried. */
export const FAULTS: readonly Fault[] = [
  randomDeath,
  failpointFault,
  rulesFault,
  firstStart,
  lostConnection,
  slowDatabase,
  pausedNode,
  manyClients,
  clockJump,
  malformedRequests,
  fullDisk,
];
