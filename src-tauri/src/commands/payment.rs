//! What staff confirm on the student's screen by their PIN.

use crate::error::to_ui;
use booth::Booth;
use booth::view::{UiError, View};
use tauri::State;

/// Staff received the whole amount of the order on the screen.
#[tauri::command]
#[specta::specta]
pub async fn confirm_counter_payment(booth: State<'_, Booth>, pin: String) -> Result<View, UiError> {
    booth.confirm_counter_payment(&pin).map_err(|e| to_ui(&e))
}

/// Staff looked at the photo on the screen, and approve or reject it.
#[tauri::command]
#[specta::specta]
pub async fn review_photo(booth: State<'_, Booth>, pin: String, approved: bool) -> Result<View, UiError> {
    booth.review_photo(&pin, approved).map_err(|e| to_ui(&e))
}
