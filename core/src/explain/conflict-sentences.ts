import type { Locale } from '../text/locale.ts';

/** Names, already in the reader's language. */
interface ConflictNames {
  readonly kind: 'shadowed' | 'contradicted' | 'duty';
  readonly user?: string;
  readonly roleLabel?: string;
  readonly grant?: string;
  readonly entity?: string;
  readonly reason?: string;
  readonly workflow?: string;
  readonly steps?: readonly [string, string];
}

/** What a conflict of rights is, and what can be done about it. */
export function conflictSentence(names: ConflictNames, locale: Locale): string {
  return locale === 'en' ? inEnglish(names) : inChinese(names);
}

function inEnglish({ kind, user, roleLabel, grant, entity, reason, workflow, steps }: ConflictNames): string {
  if (kind === 'duty')
    return `${user} has the roles for “${steps?.[0]}” and “${steps?.[1]}” of “${workflow}”, which different people must do; on one record he can do one of them.`;
  if (reason !== undefined)
    return `The personal right of ${user} (“${reason}”) changes nothing: his roles say the same. It can be removed.`;
  if (user !== undefined)
    return `${user} is refused by the role “${roleLabel}” what other roles of his allow on “${entity}”.`;
  if (kind === 'contradicted')
    return `The role “${roleLabel}” refuses what its grant “${grant}” allows on “${entity}”. One of the two can go.`;
  return `The grant “${grant}” of the role “${roleLabel}” on “${entity}” changes nothing: other grants say as much. It can be removed.`;
}

function inChinese({ kind, user, roleLabel, grant, entity, reason, workflow, steps }: ConflictNames): string {
  if (kind === 'duty')
    return `${user}兼有“${workflow}”中“${steps?.[0]}”与“${steps?.[1]}”的角色,两步须由不同的人办理;同一条记录他只能办其中一步。`;
  if (reason !== undefined)
    return `${user}的个人权限(事由:${reason})不起作用:其角色已有相同的规定,可以删除。`;
  if (user !== undefined) return `${user}的其他角色对“${entity}”给予的权限,被角色“${roleLabel}”拒绝。`;
  if (kind === 'contradicted')
    return `角色“${roleLabel}”的授权“${grant}”对“${entity}”给予的权限,被该角色自己拒绝,可去掉其一。`;
  return `角色“${roleLabel}”对“${entity}”的授权“${grant}”不起作用:其他授权已包含它,可以删除。`;
}
