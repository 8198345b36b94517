import type { NotificationView } from '@mortise/core/contract';
import { ElNotification } from 'element-plus';
import 'element-plus/theme-chalk/el-notification.css';
import { h } from 'vue';
import { markNotificationsRead } from '../api/notifications';
import { text } from '../locales';
import { router } from '../router';
import { notifyProblem } from '../ui/notify';

/** How long it stays, in milliseconds. */
const SHOWN = 8000;

/** Shows a new notification in the corner; pressed, it is read and its record opens (NTF-03). */
export function popUp({ id, text: said, detail, record }: NotificationView): void {
  const shown = ElNotification({
    title: record ? `${text(record.label)} ${record.name}` : text(said),
    message: h('div', [h('div', record ? text(said) : ''), detail ? h('div', `“${detail}”`) : null]),
    position: 'bottom-right',
    duration: SHOWN,
    customClass: 'is-pressable',
    onClick: () => {
      shown.close();
      markNotificationsRead([id]).catch(notifyProblem);
      if (record) void router.push({ name: 'record', params: { entity: record.entity, id: record.id } });
    },
  });
}
