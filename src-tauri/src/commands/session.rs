//! The student's session.

use crate::error::to_ui;
use booth::Booth;
use booth::view::{StudentEvent, UiError, View};
use tauri::State;

/// What the window shows now.
#[tauri::command(async)]
#[specta::specta]
pub fn get_view(booth: State<'_, Booth>) -> View {
    booth.view()
}

/// The student did something; what the window shows after it.
#[tauri::command]
#[specta::specta]
pub async fn send(booth: State<'_, Booth>, event: StudentEvent) -> Result<View, UiError> {
    booth.send(event).map_err(|e| to_ui(&e))
}
