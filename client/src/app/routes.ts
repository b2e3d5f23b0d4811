import type { RouteRecordInfo, RouteRecordRaw } from 'vue-router'

import EveryonePage from '@/features/read-posts/EveryonePage.vue'
import { m } from '@/paraglide/messages'

type NoParams = Record<never, never>
type Page<Name extends string, Path extends string, Params = NoParams> = RouteRecordInfo<
  Name,
  Path,
  Params & NoParams,
  Params & NoParams
>

/** Every page by its name: what `router.push({ name })` and `<RouterLink :to>` are checked against. */
export interface Pages {
  home: Page<'home', '/'>
  following: Page<'following', '/following'>
  search: Page<'search', '/search'>
  write: Page<'write', '/write'>
  post: Page<'post', '/posts/:id', { id: string }>
  'edit-post': Page<'edit-post', '/posts/:id/edit', { id: string }>
  author: Page<'author', '/authors/:username', { username: string }>
  'author-followers': Page<'author-followers', '/authors/:username/followers', { username: string }>
  'author-following': Page<'author-following', '/authors/:username/following', { username: string }>
  people: Page<'people', '/people'>
  settings: Page<'settings', '/settings'>
  'settings-profile': Page<'settings-profile', '/settings/profile'>
  'settings-email': Page<'settings-email', '/settings/email'>
  'settings-mail': Page<'settings-mail', '/settings/mail'>
  'settings-password': Page<'settings-password', '/settings/password'>
  'settings-browsers': Page<'settings-browsers', '/settings/browsers'>
  'settings-data': Page<'settings-data', '/settings/data'>
  register: Page<'register', '/register'>
  'confirm-email': Page<'confirm-email', '/confirm-email'>
  'sign-in': Page<'sign-in', '/sign-in'>
  'forgot-password': Page<'forgot-password', '/forgot-password'>
  'reset-password': Page<'reset-password', '/reset-password'>
  unsubscribe: Page<'unsubscribe', '/unsubscribe/:token', { token: string }>
  'not-found': Page<'not-found', '/:path(.*)', { path: string }>
  unreachable: Page<'unreachable', '/:path(.*)*', { path: string[] }>
}

declare module 'vue-router' {
  interface TypesConfig {
    RouteNamedMap: Pages
  }

  interface RouteMeta {
    /** A function, so that it follows the language. */
    title: () => string
    /** `required`: sign in first. `absent`: of no use to who is signed in. */
    session?: 'required' | 'absent'
  }
}

export const routes: (RouteRecordRaw & { name: keyof Pages })[] = [
  {
    path: '/',
    name: 'home',
    // What most visits begin with comes with the client, without another round trip.
    component: EveryonePage,
    meta: { title: m.everyone },
  },
  {
    path: '/following',
    name: 'following',
    component: () => import('@/features/read-posts/FollowingPage.vue'),
    meta: { title: m.following, session: 'required' },
  },
  {
    path: '/search',
    name: 'search',
    component: () => import('@/features/search/SearchPage.vue'),
    meta: { title: m.search },
  },
  {
    path: '/write',
    name: 'write',
    component: () => import('@/features/write-post/WritePage.vue'),
    meta: { title: m.write, session: 'required' },
  },
  {
    path: '/posts/:id',
    name: 'post',
    component: () => import('@/features/read-post/PostPage.vue'),
    props: true,
    meta: { title: m.post },
  },
  {
    path: '/posts/:id/edit',
    name: 'edit-post',
    component: () => import('@/features/write-post/EditPage.vue'),
    props: true,
    meta: { title: m.edit_post, session: 'required' },
  },
  {
    path: '/authors/:username',
    name: 'author',
    component: () => import('@/features/author/AuthorPage.vue'),
    props: true,
    meta: { title: m.author },
  },
  {
    path: '/authors/:username/followers',
    name: 'author-followers',
    component: () => import('@/features/author/AuthorFollowersPage.vue'),
    props: true,
    meta: { title: m.author },
  },
  {
    path: '/authors/:username/following',
    name: 'author-following',
    component: () => import('@/features/author/AuthorFollowingPage.vue'),
    props: true,
    meta: { title: m.author },
  },
  {
    path: '/people',
    name: 'people',
    component: () => import('@/features/people/PeoplePage.vue'),
    meta: { title: m.people },
  },
  {
    path: '/settings',
    name: 'settings',
    component: () => import('@/features/settings/SettingsPage.vue'),
    meta: { title: m.settings },
  },
  {
    path: '/settings/profile',
    name: 'settings-profile',
    component: () => import('@/features/profile/ProfilePage.vue'),
    meta: { title: m.profile, session: 'required' },
  },
  {
    path: '/settings/email',
    name: 'settings-email',
    component: () => import('@/features/email-address/EmailAddressPage.vue'),
    meta: { title: m.email_address, session: 'required' },
  },
  {
    path: '/settings/mail',
    name: 'settings-mail',
    component: () => import('@/features/notifications/MailPage.vue'),
    meta: { title: m.mail, session: 'required' },
  },
  {
    path: '/settings/password',
    name: 'settings-password',
    component: () => import('@/features/choose-password/ChangePasswordPage.vue'),
    meta: { title: m.change_password, session: 'required' },
  },
  {
    path: '/settings/browsers',
    name: 'settings-browsers',
    component: () => import('@/features/signed-in-browsers/BrowsersPage.vue'),
    meta: { title: m.browsers, session: 'required' },
  },
  {
    path: '/settings/data',
    name: 'settings-data',
    component: () => import('@/features/your-data/YourDataPage.vue'),
    meta: { title: m.your_data, session: 'required' },
  },
  {
    path: '/register',
    name: 'register',
    component: () => import('@/features/register/RegisterPage.vue'),
    meta: { title: m.register, session: 'absent' },
  },
  {
    path: '/confirm-email',
    name: 'confirm-email',
    component: () => import('@/features/confirm-email/ConfirmEmailPage.vue'),
    meta: { title: m.confirm_email },
  },
  {
    path: '/sign-in',
    name: 'sign-in',
    component: () => import('@/features/sign-in/SignInPage.vue'),
    meta: { title: m.sign_in, session: 'absent' },
  },
  {
    path: '/forgot-password',
    name: 'forgot-password',
    component: () => import('@/features/reset-password/ForgotPasswordPage.vue'),
    meta: { title: m.forgot_password },
  },
  {
    path: '/reset-password',
    name: 'reset-password',
    component: () => import('@/features/reset-password/ResetPasswordPage.vue'),
    meta: { title: m.new_password },
  },
  {
    path: '/unsubscribe/:token',
    name: 'unsubscribe',
    component: () => import('@/features/unsubscribe/UnsubscribePage.vue'),
    props: true,
    meta: { title: m.unsubscribe },
  },
  {
    path: '/:path(.*)',
    name: 'not-found',
    component: () => import('./NotFoundPage.vue'),
    meta: { title: m.not_found },
  },
  {
    // Stands in for another page: no address leads here.
    path: '/:path(.*)*',
    name: 'unreachable',
    component: () => import('./UnreachablePage.vue'),
    meta: { title: m.page_not_loaded },
  },
]
