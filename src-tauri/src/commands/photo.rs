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

/// The collection code that was read, a JPEG of what was shown.
#[tauri::command]
pub async fn code_picture(booth: State<'_, Booth>) -> Result<Response, UiError> {
    booth.code_picture().map(Response::new).map_err(|e| to_ui(&e))
}

/// A picture on the USB stick, made small, a JPEG.
#[tauri::command]
pub async fn stick_picture(booth: State<'_, Booth>, picture_id: String) -> Result<Response, UiError> {
    let booth = booth.inner().clone();
    let small = tokio::task::spawn_blocking(move || booth.stick_picture(&picture_id)).await;
    small.unwrap_or(Err(booth::BoothError::InvalidPicture)).map(Response::new).map_err(|e| to_ui(&e))
}
