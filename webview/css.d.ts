/** esbuild collects imported styles into one file beside the program. */
declare module '*.css';
