// The one door to the API: what the generator names after methods and paths gets the words we use.
export {
  deletePostsById as deletePost,
  deleteUsersByUsernameFollow as unfollow,
  getAuthSession as getSession,
  getFeed,
  getNotificationsUnsubscribeByToken as getSubscription,
  getPosts,
  getPostsById as getPost,
  getPostsByUsername as getPostsOf,
  getSearchPosts as searchPosts,
  getUsersByUsername as getUser,
  patchPostsById as editPost,
  postAuthConfirmEmail as confirmEmail,
  postAuthLogin as signIn,
  postAuthLogout as signOut,
  postAuthRegister as register,
  postAuthSendConfirmation as sendConfirmation,
  postAuthSendResetToken as sendResetCode,
  postNotificationsUnsubscribeByToken as unsubscribe,
  postPosts as createPost,
  putAuthRestartPassword as resetPassword,
  putUsersByUsernameFollow as follow,
} from './generated'
export type { FoundPost, Post, Session, User } from './generated'
export { ApiError, isAbort } from './ApiError'
export { installErrorHandling } from './errorHandling'
export { nextCursor, type Page } from './pages'

/** How a reader wants mail about an author's new posts. */
export type MailChoice = 'immediate' | 'digest' | 'none'
