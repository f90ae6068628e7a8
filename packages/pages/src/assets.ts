import { type Asset, asset } from './asset.ts'
import { script } from './script.ts'
import { stylesheet } from './styles/index.ts'

const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#4353e0"/><path d="M16 7a5 5 0 0 1 2.2 9.5L19.5 25h-7l1.3-8.5A5 5 0 0 1 16 7z" fill="#fff"/></svg>`

export const pageStyle = asset('pages', 'css', stylesheet)
export const pageScript = asset('pages', 'js', script)
export const pageIcon = asset('icon', 'svg', icon)

/** All static files of the pages except the project's theme (`themeStylesheet`) and logo. */
export const assets: readonly Asset[] = [pageStyle, pageScript, pageIcon]
