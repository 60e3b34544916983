//! The live preview: the page pulls the newest frame, so it limits itself and nothing queues.

use booth::Booth;
use std::time::Duration;
use tauri::State;
use tauri::ipc::Response;

/// How long a pull waits for a newer frame before it answers with nothing.
const WAIT: Duration = Duration::from_secs(1);

/// The newest frame after sequence number `after`: sequence and capture time (ms since the Unix epoch), both u64 little
/// endian, then the JPEG. Empty if none came within a second.
#[tauri::command]
pub async fn preview_frame(booth: State<'_, Booth>, after: f64) -> Result<Response, ()> {
    let booth = booth.inner().clone();
    // A sequence number is a whole number far below 2^53, so the page's number is exact.
    let frame = tokio::task::spawn_blocking(move || booth.preview(after.max(0.0) as u64, WAIT)).await;
    Ok(Response::new(frame.unwrap_or_default()))
}

/// Where the person is on the frame with this sequence number: the sequence number (u64), the outline's width and height (u32
/// each), all little endian, then a byte of alpha a place. Empty if the frame has gone.
#[tauri::command]
pub async fn preview_outline(booth: State<'_, Booth>, sequence: f64) -> Result<Response, ()> {
    let booth = booth.inner().clone();
    let outline = tokio::task::spawn_blocking(move || booth.outline(sequence.max(0.0) as u64)).await;
    Ok(Response::new(outline.unwrap_or_default()))
}
