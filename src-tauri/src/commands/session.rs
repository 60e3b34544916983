//! The student's session.

use crate::error::to_ui;
use booth::view::{StudentEvent, UiError, View};
use booth::{Booth, BoothError};
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
    let booth = booth.inner().clone();
    // A stick may be slow to read, and a password takes its time: the other commands go on meanwhile.
    let sent = tokio::task::spawn_blocking(move || booth.send(event)).await;
    sent.unwrap_or(Err(BoothError::Interrupted)).map_err(|e| to_ui(&e))
}
