import type { Fault } from '../errors/problem.ts';
import { checkBusinessHours } from './check-business-hours.ts';
import { docFault } from './doc-fault.ts';
import type { SettingsDocument } from './documents.ts';
import { isNetwork } from './network.ts';
import { pointer } from './pointer.ts';

/** What the shape of the settings leaves open: networks and working hours. */
export function checkSettings(settings: SettingsDocument): Fault[] {
  return [...checkNetworks(settings), ...checkBusinessHours(settings)];
}

/** One that is none would shut everybody of its role out. */
function checkNetworks({ networks }: SettingsDocument): Fault[] {
  return Object.entries(networks?.roles ?? {}).flatMap(([role, held]) =>
    Object.keys(held)
      .filter((network) => !isNetwork(network))
      .map((network) =>
        docFault(
          pointer(pointer('/networks/roles', role), network),
          'MRT_DOC_NETWORK',
          `“${network}”不是网段，应如 10.0.0.0/8 或 fd00::/8`,
          `“${network}” is no network such as 10.0.0.0/8 or fd00::/8`,
        ),
      ),
  );
}
