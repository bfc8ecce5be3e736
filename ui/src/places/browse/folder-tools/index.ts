export { FolderTools } from './folder-tools';
