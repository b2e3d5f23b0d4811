import { shallowReactive } from 'vue'

/** Ids of posts that are shown nowhere, because their author has deleted them and can still take that back. */
export const withdrawnPosts = shallowReactive(new Set<string>())
