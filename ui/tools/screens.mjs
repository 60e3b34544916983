// Takes a picture of every screen: `node tools/screens.mjs FOLDER [SCREEN...]`. What is taken is said in tests/layout/pictures.ts.

import { resolve } from "node:path";
import { runnerImport } from "vite";

const [folder, ...screens] = process.argv.slice(2);
if (!folder) throw new Error("usage: node tools/screens.mjs FOLDER [SCREEN...]");
const { module } = await runnerImport(resolve("tests/layout/pictures.ts"), { configFile: false });
await module.takePictures(resolve(folder), screens);
