/** Mantine's styles that hold for a page as a whole; those of its components come with their code (build/firstLoad.ts). */
import '@mantine/core/styles/baseline.layer.css';
import '@mantine/core/styles/global.layer.css';
import 'virtual:theme.css';
