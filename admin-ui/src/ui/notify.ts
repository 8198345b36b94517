import { ElMessage } from 'element-plus';
import { ApiProblem } from '../api/client';
import { problemText } from './problem-text';

/** Says that something was done. */
export function notifyDone(message: string): void {
  ElMessage({ type: 'success', message, duration: 2500 });
}

/** Says why something was not done. The end of the session says so itself, by its sign-in panel. */
export function notifyProblem(error: unknown): void {
  if (error instanceof ApiProblem && error.code === 'MRT_SESSION_REQUIRED') return;
  ElMessage({ type: 'error', message: problemText(error), duration: 6000, showClose: true });
}

export function notifyHint(message: string): void {
  ElMessage({ type: 'warning', message, duration: 4000, showClose: true });
}
