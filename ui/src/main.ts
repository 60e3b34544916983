import { mount } from "svelte";
import App from "./App.svelte";
import "./app.css";
import type { Backend } from "./lib/backend/backend";
import { tauriBackend } from "./lib/backend/tauri";
import { lockDown } from "./lib/lockdown";

lockDown(document);
mount(App, { target: document.getElementById("app")!, props: { backend: await chosenBackend() } });

/** The shell; in development and in a build of the mode `fake`, `?fake=STEP` shows a step without one. */
async function chosenBackend(): Promise<Backend> {
  if (import.meta.env.DEV || import.meta.env.MODE === "fake") {
    const query = new URLSearchParams(location.search);
    if (query.has("fake")) return (await import("./lib/backend/fake-page")).fakeFromQuery(query);
  }
  return tauriBackend;
}
