import type { PasswordRules, SettingsDocument } from '@mortise/core/contract';

/** The rules and networks while they are edited. */
export interface SecurityDraft {
  readonly passwords: { -readonly [K in keyof Required<PasswordRules>]: Required<PasswordRules>[K] };
  /** Networks of a role, one a line as they are typed. */
  readonly networks: { role: string; text: string }[];
}

/** What holds where the settings say nothing. */
const PRESET: Required<PasswordRules> = {
  minLength: 8,
  classes: 1,
  refuseName: false,
  refuseCommon: true,
  history: 0,
  maxAgeDays: 0,
};

export function draftOf({ passwords, networks }: SettingsDocument): SecurityDraft {
  return {
    passwords: { ...PRESET, ...passwords },
    networks: Object.entries(networks?.roles ?? {}).map(([role, held]) => ({
      role,
      text: Object.keys(held).join('\n'),
    })),
  };
}

/** The document with what was edited; what is as it is without being said, is not said. */
export function settingsOf(document: SettingsDocument, draft: SecurityDraft): SettingsDocument {
  const { passwords: _rules, networks: _networks, ...rest } = document;
  const said = Object.entries(draft.passwords).filter(
    ([name, value]) => value !== PRESET[name as keyof PasswordRules],
  );
  const roles = Object.fromEntries(
    draft.networks
      .map(({ role, text }) => [role, networksIn(text)] as const)
      .filter(([role, held]) => role !== '' && held.length > 0)
      .map(([role, held]) => [role, Object.fromEntries(held.map((each) => [each, true as const]))]),
  );
  return {
    ...rest,
    ...(said.length > 0 ? { passwords: Object.fromEntries(said) } : {}),
    ...(Object.keys(roles).length > 0 ? { networks: { roles } } : {}),
  };
}

/** Networks as the document writes them; a single address is the network of itself. */
function networksIn(text: string): readonly string[] {
  return text
    .split(/[\s,;，；、]+/)
    .filter((each) => each !== '')
    .map((each) => (each.includes('/') ? each : `${each}/${each.includes(':') ? 128 : 32}`));
}
