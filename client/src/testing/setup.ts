import '@/ui/styles.css'

import { afterEach, beforeEach, expect, vi, type MockInstance } from 'vitest'

import { ageAnnouncement } from '@/features/announce/announcement'
import { installLanguage } from '@/i18n/language'

import { network } from './network'

installLanguage()

let complaints: MockInstance[] = []

beforeEach(() => {
  localStorage.clear()
  sessionStorage.clear()
  network.install()
  complaints = [vi.spyOn(console, 'warn'), vi.spyOn(console, 'error')]
})

afterEach(() => {
  // A warning of Vue, Pinia or the router is a fault of ours.
  for (const complaint of complaints) expect(complaint).not.toHaveBeenCalled()
  ageAnnouncement()
  ageAnnouncement()
})
