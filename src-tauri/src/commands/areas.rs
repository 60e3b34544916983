//! Provinces, cities and districts for an address.

use crate::error::to_ui;
use booth::Booth;
use booth::view::{AreaView, UiError};
use tauri::State;

/// The areas inside `parent`, a province's or a city's code; the provinces where there is none.
#[tauri::command(async)]
#[specta::specta]
pub fn areas(booth: State<'_, Booth>, parent: Option<String>) -> Result<Vec<AreaView>, UiError> {
    booth.areas(parent.as_deref()).map_err(|e| to_ui(&e))
}
