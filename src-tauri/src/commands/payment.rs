//! Payments at the counter.

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
