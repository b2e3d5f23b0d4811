import { nextTick, reactive, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import * as v from 'valibot'

import { ApiError, isAbort } from '@/api'

export interface FormOptions<Values extends Record<string, string>> {
  /** What the fields start with. */
  initial: Values
  /** The same rules as the backend's; its messages are functions, so that they follow the language. */
  schema: v.GenericSchema<Values>
  /** Sends the values. Rejecting with an {@link ApiError} shows its field errors at the fields, the rest as `failure`. */
  send: (values: Values) => Promise<unknown>
  /** Words for a refused field; the backend's own message is the fallback. */
  explain?: (error: ApiError, field: string) => string | undefined
}

export interface FormReturn<Values extends Record<string, string>> {
  values: Values
  errors: Partial<Record<keyof Values, string>>
  /** What went wrong beyond single fields. */
  failure: ShallowRef<ApiError | null>
  sending: Ref<boolean>
  /**
   * Validates and sends; after a refusal the first wrong field of the form gets the focus. Does nothing while an
   * earlier call is under way.
   */
  submit: (event: Event) => Promise<void>
}

export function useForm<Values extends Record<string, string>>(
  options: FormOptions<Values>,
): FormReturn<Values> {
  const values = reactive({ ...options.initial }) as Values
  const errors = reactive<Record<string, string>>({})
  const failure = shallowRef<ApiError | null>(null)
  const sending = ref(false)

  for (const field of Object.keys(options.initial)) {
    watch(
      () => values[field],
      () => delete errors[field],
    )
  }

  async function submit(event: Event): Promise<void> {
    const form = event.currentTarget
    if (sending.value || !(form instanceof HTMLFormElement)) return
    failure.value = null
    replaceErrors(validate(options.schema, values))
    if (Object.keys(errors).length > 0) return focusFirstError(form)
    sending.value = true
    try {
      await options.send({ ...values })
    } catch (error) {
      if (!(error instanceof ApiError)) {
        if (isAbort(error)) return
        throw error
      }
      await showRefusal(error, form)
    } finally {
      sending.value = false
    }
  }

  async function showRefusal(error: ApiError, form: HTMLFormElement): Promise<void> {
    const known = Object.entries(error.fieldErrors).filter(([field]) => field in values)
    replaceErrors(
      known.map(([field, message]) => [field, options.explain?.(error, field) ?? message]),
    )
    if (known.length === 0) failure.value = error
    else await focusFirstError(form)
  }

  function replaceErrors(entries: [field: string, message: string][]): void {
    for (const field of Object.keys(errors)) delete errors[field]
    Object.assign(errors, Object.fromEntries(entries))
  }

  return {
    values,
    errors: errors as Partial<Record<keyof Values, string>>,
    failure,
    sending,
    submit,
  }
}

async function focusFirstError(form: HTMLFormElement): Promise<void> {
  await nextTick()
  form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
}

function validate<Values>(
  schema: v.GenericSchema<Values>,
  values: Values,
): [field: string, message: string][] {
  const result = v.safeParse(schema, values)
  if (result.success) return []
  const nested = v.flatten(result.issues).nested ?? {}
  return Object.entries(nested as Record<string, string[]>).map(([field, messages]) => [
    field,
    messages[0] ?? '',
  ])
}
