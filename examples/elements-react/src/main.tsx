import { createRoot } from 'react-dom/client'
import { App } from './app'
import '@ory/elements-react/theme/styles.css'

createRoot(document.getElementById('root') as HTMLElement).render(<App />)
