import { mayUse, session } from '../session/session';

let offered = false;

/**
 * Is the first-run wizard to be shown instead of the home screen? Once a page load, to administrators, until one of
 * them has finished it; whoever wants to look around first can leave it.
 */
export function wizardIsDue(): boolean {
  if (offered || !session.me || session.me.user.must_change_password) return false;
  if (!session.setup?.firstRun || !mayUse('metadata.configure')) return false;
  offered = true;
  return true;
}
