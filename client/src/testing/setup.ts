import '@/ui/styles.css'

import { afterEach, beforeEach, expect, vi } from 'vitest'

import { ageAnnouncement } from '@/features/announce/announcement'
import { installLanguage } from '@/i18n/language'

import { network } from './network'

installLanguage()

beforeEach(() => {
  localStorage.clear()
  sessionStorage.clear()
  network.install()
  vi.spyOn(console, 'warn')
  vi.spyOn(console, 'error')
})

afterEach(() => {
  // A warning of Vue, Pinia or the router is a fault of ours.
  expect(console.warn).not.toHaveBeenCalled()
  expect(console.error).not.toHaveBeenCalled()
  ageAnnouncement()
  ageAnnouncement()
})
