import { useMutation } from '@pinia/colada'
import { computed, ref, type ComputedRef, type WritableComputedRef } from 'vue'

import type { AccountChanges, OwnAccount } from '@/api'
import { announce } from '@/features/announce/announcement'
import { m } from '@/paraglide/messages'

import { useChangeAccount } from './useOwnAccount'

type Choosable = 'show_email' | 'language'

export interface AccountChoiceReturn<Value> {
  /** Shows a new choice at once, and the old one again if it is refused. */
  chosen: WritableComputedRef<Value>
  error: ComputedRef<Error | null>
}

/** One setting of the account that is saved as soon as it is chosen. */
export function useAccountChoice<Name extends Choosable>(
  account: () => OwnAccount,
  name: Name,
): AccountChoiceReturn<OwnAccount[Name]> {
  type Value = OwnAccount[Name]
  const change = useChangeAccount()
  const asked = ref<{ value: Value } | null>(null)
  const { mutate, error } = useMutation({
    mutation: (value: Value) => change({ [name]: value } as AccountChanges),
    onMutate: (value) => {
      const mine = { value }
      asked.value = mine
      return { mine }
    },
    onSuccess: () => announce(m.choice_saved()),
    onSettled: (_data, _error, _value, { mine }) => {
      // A later choice goes on being shown.
      if (asked.value?.value === mine?.value) asked.value = null
    },
  })

  return {
    chosen: computed({
      get: () => asked.value?.value ?? account()[name],
      set: mutate as (value: Value) => void,
    }) as WritableComputedRef<Value>,
    error: computed(() => error.value),
  }
}
