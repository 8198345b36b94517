import type { RouteComponent, RouteRecordRaw } from 'vue-router';

/** A screen that is fetched together with the texts of these screens and those of administrators. */
function screen(load: () => Promise<{ readonly default: RouteComponent }>): () => Promise<RouteComponent> {
  return async () => {
    const [page] = await Promise.all([load(), import('./texts'), import('../admin/texts')]);
    return page.default;
  };
}

/** Screens of accounts and logs. The route's name is the `page` that a menu document opens. */
export const accountRoutes: RouteRecordRaw[] = [
  {
    path: 'settings/audit-log',
    name: 'settings.audit-log',
    component: screen(() => import('./AuditLogPage.vue')),
    props: (to) => ({ entity: String(to.query['entity'] ?? ''), record: String(to.query['record'] ?? '') }),
  },
  {
    path: 'settings/security',
    name: 'settings.security',
    component: screen(() => import('./SecurityPage.vue')),
  },
  {
    path: 'settings/quotas',
    name: 'settings.quotas',
    component: screen(() => import('./QuotasPage.vue')),
  },
];
