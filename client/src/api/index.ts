import type { Follow } from './generated'

// The one door to the API: what is generated from its description, and what every call has in common.
export {
  confirmEmail,
  createPost,
  deletePost,
  editPost,
  follow,
  getAudience,
  getDelivery,
  getSession,
  getUser,
  listFeed,
  listPosts,
  listPostsByAuthor,
  listRelatedPosts,
  logIn,
  logOut,
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
  Audience,
  FoundPost,
  NewPost,
  Outcomes,
  Post,
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
