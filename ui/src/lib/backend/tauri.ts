// The shell behind the window. The only hand-written module that knows Tauri.

import { invoke } from "@tauri-apps/api/core";
import type { Backend } from "./backend";
import { commands, events } from "./bindings";

export const tauriBackend: Backend = {
  view: commands.getView,
  onView: (changed) => events.viewChanged.listen((event) => changed(event.payload)),
  send: commands.send,
  confirmCounterPayment: commands.confirmCounterPayment,
  // Raw bytes travel outside the generated bindings, which know JSON only.
  previewFrame: (after) => invoke<ArrayBuffer>("preview_frame", { after }),
  previewOutline: (sequence) => invoke<ArrayBuffer>("preview_outline", { sequence }),
  photoImage: (photoId) => invoke<ArrayBuffer>("photo_image", { photoId }),
  originalImage: (photoId) => invoke<ArrayBuffer>("original_image", { photoId }),
  codePicture: () => invoke<ArrayBuffer>("code_picture"),
  stickPicture: (pictureId) => invoke<ArrayBuffer>("stick_picture", { pictureId }),
  areas: async (parent) => ({ status: "ok", data: await commands.areas(parent) }),
  reviewPhoto: commands.reviewPhoto,
};
