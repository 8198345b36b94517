import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readConfig } from '../app/config.ts';
import { createApplication } from '../app/create-application.ts';
import { createLog } from '../app/log.ts';
import { readPackageFolder, writePackageFolder } from '../change/transport/package-folder.ts';
import type { PackagePlanAnswer, PlanAnswer } from '../http/contract.ts';
import type { Locale } from '../text/locale.ts';
import { type Command, UsageError } from './command.ts';
import { type Installation, localInstallation, remoteInstallation } from './metadata-installation.ts';

type Invocation = Parameters<Command>[0];
type Action = 'export' | 'diff' | 'plan' | 'apply';

/** Exit code when there are conflicts or differences, as of `diff`. */
const DIFFERENT = 1;
/** Risks that need no consent. */
const HARMLESS = new Set(['none', 'locks']);

interface Options {
  readonly ours: boolean;
  readonly theirs: boolean;
  readonly exact: boolean;
  readonly accept: readonly string[];
  readonly note: string;
  readonly server: string | undefined;
}

/** What the terminal is told, in the language of the process. */
interface Voice {
  readonly locale: Locale;
  say(zh: string, en: string): void;
}

/**
 * `metadata export | diff | plan | apply <folder>`: the configuration as a folder of files fit for version control.
 * Works on the database of the environment, or with `--server` on a running installation (its token in MORTISE_TOKEN).
 * `diff` ends with 1 when something differs, `plan` and `apply` when there are conflicts.
 */
export async function transport(action: Action, invocation: Invocation, usage: string): Promise<number> {
  const { folder, options } = readArguments(action, invocation, usage);
  const config = readConfig(
    { MORTISE_LOG: 'warn', ...invocation.environment },
    invocation.root,
    invocation.cwd,
  );
  const voice: Voice = {
    locale: config.locale,
    say: (zh, en) => invocation.print(config.locale === 'zh-CN' ? zh : en),
  };
  if (options.server !== undefined) {
    const token = invocation.environment['MORTISE_TOKEN'];
    if (!token) throw new UsageError('MORTISE_TOKEN: an API token of the installation is needed');
    return await run(
      action,
      remoteInstallation(options.server, token, config.locale),
      folder,
      options,
      voice,
    );
  }
  const app = await createApplication(config, createLog(config.logLevel));
  try {
    return await run(action, localInstallation(app), folder, options, voice);
  } finally {
    await app.close();
  }
}

function readArguments(
  action: Action,
  { args, cwd }: Invocation,
  usage: string,
): { readonly folder: string; readonly options: Options } {
  const flag = { type: 'boolean', default: false } as const;
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ours: flag,
        theirs: flag,
        exact: flag,
        accept: { type: 'string', default: '' },
        note: { type: 'string', default: '' },
        server: { type: 'string' },
      },
    });
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
  }
  const { values, positionals } = parsed;
  const [folder] = positionals;
  const merges = action === 'plan' || action === 'apply';
  const misplaced = (values.ours || values.theirs || values.exact) && !merges;
  if (folder === undefined || positionals.length > 1 || misplaced || (values.ours && values.theirs))
    throw new UsageError(usage);
  return {
    folder: resolve(cwd, folder),
    options: {
      ...values,
      server: values.server,
      accept: values.accept.split(',').filter((risk) => risk !== ''),
    },
  };
}

async function run(
  action: Action,
  installation: Installation,
  folder: string,
  options: Options,
  voice: Voice,
): Promise<number> {
  if (action === 'export') {
    const count = await writePackageFolder(folder, await installation.exported());
    voice.say(`已导出 ${count} 个文档到 ${folder}`, `exported ${count} documents to ${folder}`);
    return 0;
  }
  const sent = await readPackageFolder(folder);
  if (action === 'diff') {
    const differences = await installation.differences(sent);
    for (const { path, here, package: there } of differences) {
      voice.say(path, path);
      voice.say(`  本地 ${shown(here)}`, `  here    ${shown(here)}`);
      voice.say(`  包中 ${shown(there)}`, `  package ${shown(there)}`);
    }
    if (differences.length === 0) voice.say('没有差别', 'no difference');
    return differences.length === 0 ? 0 : DIFFERENT;
  }
  const answer = await installation.planned(
    {
      package: sent,
      exact: options.exact,
      ...(options.ours ? { prefer: 'here' as const } : options.theirs ? { prefer: 'package' as const } : {}),
    },
    options.note,
  );
  if (answer.plan === null) return sayConflicts(answer, voice);
  sayPlan(answer.plan, voice);
  if (action === 'plan') return 0;
  const open = answer.plan.risks.filter((risk) => !HARMLESS.has(risk) && !options.accept.includes(risk));
  if (open.length > 0) {
    const risks = open.join(',');
    voice.say(
      `有风险,未应用;确认请加 --accept ${risks}`,
      `not applied because of its risks; to accept: --accept ${risks}`,
    );
    return DIFFERENT;
  }
  const { version } = await installation.applied(answer.plan.token);
  voice.say(`已应用,版本 ${version}`, `applied as version ${version}`);
  return 0;
}

function sayConflicts({ conflicts }: PackagePlanAnswer, voice: Voice): number {
  voice.say(
    `有 ${conflicts.length} 处冲突,未作任何修改(--ours 保留本地,--theirs 采用包中):`,
    `${conflicts.length} conflict(s), nothing was changed (--ours keeps what is here, --theirs takes the package):`,
  );
  for (const { path, before, here, package: there } of conflicts) {
    voice.say(`  ${path}`, `  ${path}`);
    voice.say(
      `    原来 ${shown(before)},本地 ${shown(here)},包中 ${shown(there)}`,
      `    before ${shown(before)}, here ${shown(here)}, package ${shown(there)}`,
    );
  }
  return DIFFERENT;
}

function sayPlan({ plan, warnings, risks }: PlanAnswer, { locale, say }: Voice): void {
  for (const { text, risk } of plan) {
    const mark = risk === 'none' ? '' : ` [${risk}]`;
    say(`· ${text['zh-CN']}${mark}`, `· ${text.en}${mark}`);
  }
  for (const warning of warnings) say(`! ${warning[locale]}`, `! ${warning[locale]}`);
  if (risks.length > 0) say(`风险:${risks.join(', ')}`, `risks: ${risks.join(', ')}`);
}

/** A value on one line; long ones are cut. */
function shown(value: unknown): string {
  const text = value === undefined ? '—' : JSON.stringify(value);
  return text.length > 160 ? `${text.slice(0, 159)}…` : text;
}
