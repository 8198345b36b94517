import type { Application } from '../../app/application.ts';
import type { NotReady } from '../../app/health.ts';
import { problem } from '../../errors/catalogue.ts';
import type { LocaleText } from '../../text/locale.ts';
import { localise } from '../../text/locale.ts';
import type { HttpRouter } from '../state.ts';

const REASONS: Readonly<Record<NotReady, LocaleText>> = {
  stopping: { 'zh-CN': '正在停止', en: 'it is stopping' },
  database: { 'zh-CN': '数据库没有答复', en: 'the database does not answer' },
  'read-only': {
    'zh-CN': '程序文件与数据模型不符,本节点只读',
    en: 'its files are not those of the model: this node can only read',
  },
};

/**
 * `GET /health/live`: the process answers. `GET /health/ready`: requests may be sent here; else 503 with the reasons
 * (public).
 */
export function register(router: HttpRouter, app: Application): void {
  router.get('/health/live', (http) => {
    http.body = { status: 'live' };
  });
  router.get('/health/ready', async (http) => {
    const { ready, reasons } = await app.health();
    if (!ready) {
      const said = reasons.map((reason) => localise(REASONS[reason], http.state.locale)).join('; ');
      throw problem('MRT_UNAVAILABLE', { reason: said }, [], { reasons });
    }
    http.body = { status: 'ready', version: app.version, model: { version: app.changes.current().version } };
  });
}
