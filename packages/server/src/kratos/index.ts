export { type ImportedKratos, importFromKratos, type KratosImportOptions, type TableCount } from './import.ts'
