import type { RouteComponent, RouteRecordRaw } from 'vue-router';

/** A screen that is fetched together with the texts of these screens when it is first opened. */
function screen(load: () => Promise<{ readonly default: RouteComponent }>): () => Promise<RouteComponent> {
  return async () => {
    const [page] = await Promise.all([load(), import('./texts')]);
    return page.default;
  };
}

/**
 * Screens of administrators. A route's `name` is the page that menu documents open (`settings.fields`), its `path`
 * is relative to the window.
 */
export const adminRoutes: RouteRecordRaw[] = [
  {
    path: 'settings/fields/:name?',
    name: 'settings.fields',
    component: screen(() => import('./fields/FieldsPage.vue')),
    props: (to) => ({ name: String(to.params['name'] || to.query['name'] || '') }),
  },
  {
    path: 'settings/dictionaries/:name?',
    name: 'settings.dictionaries',
    component: screen(() => import('./dictionaries/DictionariesPage.vue')),
    props: (to) => ({ name: String(to.params['name'] || to.query['name'] || '') }),
  },
  {
    path: 'settings/plugins',
    name: 'settings.plugins',
    component: screen(() => import('./plugins/PluginsPage.vue')),
  },
  {
    path: 'settings/rules',
    name: 'settings.rules',
    component: screen(() => import('./rules/RulesPage.vue')),
  },
  {
    path: 'settings/workflows/:name?',
    name: 'settings.workflows',
    component: screen(() => import('./workflows/WorkflowsPage.vue')),
    props: (to) => ({ name: String(to.params['name'] || to.query['name'] || '') }),
  },
  {
    path: 'settings/versions',
    name: 'settings.versions',
    component: screen(() => import('./versions/VersionsPage.vue')),
  },
  {
    path: 'settings/transport',
    name: 'settings.transport',
    component: screen(() => import('./transport/TransportPage.vue')),
  },
  {
    path: 'settings/roles',
    name: 'settings.roles',
    component: screen(() => import('./roles/RolesPage.vue')),
  },
  {
    path: 'settings/users',
    name: 'settings.users',
    component: screen(() => import('./users/UsersPage.vue')),
  },
  {
    path: 'settings/department-filters',
    name: 'settings.department-filters',
    component: screen(() => import('./filters/DepartmentFiltersPage.vue')),
  },
  {
    path: 'settings/output-log',
    name: 'settings.output-log',
    component: screen(() => import('./outputs/OutputLogPage.vue')),
  },
  {
    path: 'settings/workflow-figures',
    name: 'settings.workflow-figures',
    component: screen(() => import('./figures/FiguresPage.vue')),
  },
  {
    path: 'settings/general',
    name: 'settings.general',
    component: screen(() => import('./general/GeneralPage.vue')),
  },
  {
    path: 'settings/backup',
    name: 'settings.backup',
    component: screen(() => import('./backup/BackupPage.vue')),
  },
  { path: 'setup', name: 'settings.setup', component: screen(() => import('./setup/SetupPage.vue')) },
];
