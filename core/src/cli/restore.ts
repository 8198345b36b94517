import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readConfig } from '../app/config.ts';
import { createApplication } from '../app/create-application.ts';
import { createLog } from '../app/log.ts';
import { platformVersion } from '../app/read-file-layers.ts';
import { checkArchive } from '../backup/archive-reader.ts';
import { restoreBackup } from '../backup/restore-backup.ts';
import { summaryOf } from './backup.ts';
import { type Command, UsageError } from './command.ts';

const USAGE = 'usage: mortise restore <file> [--replace] | <file> --check';

/**
 * Restores an archive into an empty database or folder of either engine, brings it to the files of this version and
 * stops. `--replace` puts it in the place of what is there and keeps that aside; `--check` only reads the archive.
 */
export const restore: Command = async ({ args, environment, root, cwd, print }) => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { replace: { type: 'boolean' }, check: { type: 'boolean' } },
  });
  const [file] = positionals;
  if (file === undefined || positionals.length > 1) throw new UsageError(USAGE);
  const config = readConfig({ MORTISE_LOG_LEVEL: 'warn', ...environment }, root, cwd);
  const chinese = config.locale === 'zh-CN';
  const program = platformVersion(root);
  const path = resolve(cwd, file);
  if (values.check) {
    const { manifest } = await checkArchive(path, program);
    for (const line of summaryOf(manifest, chinese)) print(line);
    return 0;
  }
  const { databaseUrl, dataDir } = config;
  const replace = values.replace ?? false;
  const { manifest, kept } = await restoreBackup(path, { databaseUrl, dataDir, program, replace });
  for (const line of summaryOf(manifest, chinese)) print(line);
  if (kept !== null) print(chinese ? `原有数据保留在 ${kept}` : `what was there is kept in ${kept}`);
  const app = await createApplication(config, createLog(config.logLevel));
  try {
    const { version } = app.changes.current();
    print(
      chinese
        ? `已恢复到 ${app.db.address},模型版本 ${version}`
        : `restored to ${app.db.address}, model version ${version}`,
    );
  } finally {
    await app.close();
  }
  return 0;
};
