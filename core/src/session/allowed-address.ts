import type { SettingsDocument } from '../model/documents.ts';
import { holdsAddress, networksIn } from '../model/network.ts';

/**
 * May somebody with these roles be at this address (NF-SEC-01)? Networks of his own go before those of his roles, so that
 * one person can be given more or less than his roles; of several roles with networks, each must hold the address, so
 * that another role never opens what one has closed.
 * @param own text of the user's field `networks`
 */
export function mayComeFrom(
  { networks }: Pick<SettingsDocument, 'networks'>,
  roles: readonly string[],
  own: string | null,
  address: string,
): boolean {
  const personal = networksIn(own ?? '');
  if (personal.length > 0) return holdsAddress(personal, address);
  return roles.every((role) => {
    const given = Object.keys(networks?.roles?.[role] ?? {});
    return given.length === 0 || holdsAddress(given, address);
  });
}
