import type { RouteComponent, RouteRecordRaw } from 'vue-router';

/** A screen that is fetched together with the texts of these screens. */
function screen(load: () => Promise<{ readonly default: RouteComponent }>): () => Promise<RouteComponent> {
  return async () => {
    const [page] = await Promise.all([load(), import('./texts')]);
    return page.default;
  };
}

/** Screens of what waits for a person. The route's name is the `page` that a menu document may open. */
export const workRoutes: RouteRecordRaw[] = [
  { path: 'todo', name: 'todo', component: screen(() => import('./TodoPage.vue')) },
  { path: 'calendar', name: 'calendar', component: screen(() => import('../calendar/CalendarPage.vue')) },
  {
    path: 'notifications',
    name: 'notifications',
    component: screen(() => import('./NotificationsPage.vue')),
  },
];
