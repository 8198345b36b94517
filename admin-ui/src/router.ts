import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router';
import { accountRoutes } from './accounts/routes';
import { wizardIsDue } from './admin/first-run';
import { adminRoutes } from './admin/routes';
import { workRoutes } from './inbox/routes';
import { session, startSession } from './session/session';

/** Screens inside the window. The route's name is the `page` that a menu document may open. */
const screens: RouteRecordRaw[] = [
  { path: '', name: 'home', component: () => import('./home/HomePage.vue') },
  {
    path: 'e/:entity',
    name: 'list',
    component: () => import('./list/ListPage.vue'),
    props: (to) => ({
      entity: String(to.params['entity']),
      view: to.query['view'] ? String(to.query['view']) : undefined,
    }),
  },
  {
    path: 'e/:entity/new',
    name: 'new',
    component: () => import('./record/RecordPage.vue'),
    props: (to) => ({ entity: String(to.params['entity']), seed: to.query }),
  },
  {
    path: 'e/:entity/:id',
    name: 'record',
    component: () => import('./record/RecordPage.vue'),
    props: (to) => ({ entity: String(to.params['entity']), id: String(to.params['id']) }),
  },
  {
    path: 'settings/personal',
    name: 'settings.personal',
    component: () => import('./pages/PersonalSettingsPage.vue'),
  },
  { path: 'recycle-bin', name: 'recycle-bin', component: () => import('./pages/RecycleBinPage.vue') },
  { path: 'operations', name: 'operations', component: () => import('./pages/OperationsPage.vue') },
  { path: 'help/about', name: 'help.about', component: () => import('./pages/AboutPage.vue') },
  { path: 'help/manual', name: 'help.manual', component: () => import('./pages/ManualPage.vue') },
  ...workRoutes,
  ...adminRoutes,
  ...accountRoutes,
  { path: ':rest(.*)*', name: 'unknown', component: () => import('./pages/UnknownPage.vue') },
];

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    {
      path: '/sign-in',
      name: 'sign-in',
      component: () => import('./pages/SignInPage.vue'),
      meta: { open: true },
    },
    {
      path: '/closed',
      name: 'closed',
      component: () => import('./pages/ClosedPage.vue'),
      meta: { open: true },
    },
    { path: '/', component: () => import('./layout/AppWindow.vue'), children: screens },
  ],
});

router.beforeEach(async (to) => {
  if (to.name === 'closed') return true;
  try {
    await startSession();
  } catch {
    // No answer from the server: the sign-in screen says so and offers to try again.
    return to.name === 'sign-in' ? true : { name: 'sign-in' };
  }
  if (to.meta['open']) return session.me && to.name === 'sign-in' ? { name: 'home' } : true;
  if (to.name === 'home' && wizardIsDue()) return { name: 'settings.setup' };
  return session.me ? true : { name: 'sign-in', query: to.fullPath === '/' ? {} : { next: to.fullPath } };
});
