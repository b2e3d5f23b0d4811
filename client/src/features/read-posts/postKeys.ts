/** Keys of everything about posts in the query cache; a prefix names all that starts with it. */
export const postKeys = {
  lists: ['posts'],
  everyone: ['posts', 'everyone'],
  ofFollowed: ['posts', 'following'],
  followedBy: (readerId: string) => ['posts', 'following', readerId],
  of: (username: string) => ['posts', 'of', username.toLowerCase()],
  found: (words: string, order: string, language: string) => [
    'posts',
    'found',
    words,
    order,
    language,
  ],
  one: (id: string) => ['post', id],
  relatedTo: (id: string) => ['related', id],
  deliveryOf: (id: string) => ['delivery', id],
}
