//! The pictures of the session on the screen; nobody else's can be asked for.

use crate::error::to_ui;
use booth::Booth;
use booth::view::UiError;
use tauri::State;
use tauri::ipc::Response;

/// The official photo, a JPEG.
#[tauri::command]
pub async fn photo_image(booth: State<'_, Booth>, photo_id: String) -> Result<Response, UiError> {
    booth.photo(&photo_id).map(Response::new).map_err(|e| to_ui(&e))
}

/// The shot that the photo was made from, a JPEG.
#[tauri::command]
pub async fn original_image(booth: State<'_, Booth>, photo_id: String) -> Result<Response, UiError> {
    booth.original(&photo_id).map(Response::new).map_err(|e| to_ui(&e))
}
