import { ElButton, ElMessage } from 'element-plus';
import { h } from 'vue';

/** Long enough to read it, think, and reach the button by keyboard. */
const DURATION_MS = 12_000;

/** Says what was done, with a button that takes it back. */
export function notifyUndo(message: string, label: string, undo: () => void): void {
  const shown = ElMessage({
    type: 'success',
    duration: DURATION_MS,
    showClose: true,
    message: h('span', [
      message,
      ' ',
      h(
        ElButton,
        {
          size: 'small',
          onClick: () => {
            shown.close();
            undo();
          },
        },
        () => label,
      ),
    ]),
  });
}
