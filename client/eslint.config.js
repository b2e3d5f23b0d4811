import accessibility from 'eslint-plugin-vuejs-accessibility'
import vue from 'eslint-plugin-vue'
import typescript from 'typescript-eslint'

export default typescript.config(
  { ignores: ['dist/', 'nginx/', 'src/api/generated/', 'src/paraglide/'] },
  ...typescript.configs.recommended,
  ...vue.configs['flat/recommended'],
  ...accessibility.configs['flat/recommended'],
  {
    files: ['**/*.vue'],
    languageOptions: { parserOptions: { parser: typescript.parser } },
  },
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      eqeqeq: 'error',
      'no-console': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      'vue/block-lang': ['error', { script: { lang: 'ts' } }],
      'vue/component-api-style': ['error', ['script-setup']],
      'vue/define-macros-order': 'error',
      'vue/no-v-html': 'error',
      // Words live in messages/, in both languages.
      'vue/no-bare-strings-in-template': [
        'error',
        { allowlist: ['Decoupled', 'DECOUPLED', '·', '/', ',', '“', '”', '”.', '.', '…'] },
      ],
      'vue/no-unused-emit-declarations': 'error',
      'vue/no-useless-v-bind': 'error',
      // TypeScript knows which props may be missing.
      'vue/require-default-prop': 'off',
      // A label by id is as good as one around the field.
      'vuejs-accessibility/label-has-for': ['error', { required: { some: ['nesting', 'id'] } }],
    },
  },
  {
    // Prettier's business.
    rules: Object.fromEntries(
      Object.keys(vue.rules)
        .filter((rule) => vue.rules[rule]?.meta?.type === 'layout')
        .map((rule) => [`vue/${rule}`, 'off']),
    ),
  },
  {
    files: ['scripts/**', 'public/**'],
    rules: { 'no-console': 'off' },
  },
)
