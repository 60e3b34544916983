//! Provinces, cities and districts for an address.

use booth::Booth;
use booth::view::AreaView;
use tauri::State;

/// The areas inside `parent`, a province's or a city's code; the provinces where there is none.
#[tauri::command(async)]
#[specta::specta]
pub fn areas(booth: State<'_, Booth>, parent: Option<String>) -> Vec<AreaView> {
    booth.areas(parent.as_deref())
}
