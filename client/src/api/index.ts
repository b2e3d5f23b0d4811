import type { Follow } from './generated'

// The one door to the API: what is generated from its description, and what every call has in common.
export {
  changeOwnAccount,
  changePassword,
  confirmEmail,
  createPost,
  deleteOwnAccount,
  deletePost,
  editPost,
  endOtherSessions,
  endSession,
  follow,
  getAudience,
  getDelivery,
  getOwnAccount,
  getPreferences,
  getSession,
  getUser,
  listFeed,
  listFollowers,
  listFollowing,
  listPosts,
  listPostsByAuthor,
  listRelatedPosts,
  listSessions,
  listUsers,
  logIn,
  logOut,
  putOpened,
  putPreferences,
  register,
  restartPassword,
  search,
  sendConfirmation,
  sendResetToken,
  showPost,
  showSubscription,
  suggest,
  unfollow,
  unsubscribe,
} from './generated'
export type {
  AccountChanges,
  Audience,
  BrowserSession,
  FollowMember,
  FoundPost,
  ListedUser,
  NewPost,
  Outcomes,
  OwnAccount,
  Post,
  Preferences,
  Session,
  Suggestion,
  User,
} from './generated'
export { ApiError, isAbort } from './ApiError'
export { installErrorHandling } from './errorHandling'
export { nextCursor, type Page } from './pages'
export { refresh } from './refresh'

/** How a reader wants mail about an author's new posts. */
export type MailChoice = NonNullable<Follow['mail']>
