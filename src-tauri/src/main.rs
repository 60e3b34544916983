//! The kiosk application: one window over the booth.
//!
//! It parses what the page sends, calls one function of `booth`, and maps the error; it decides nothing. Started as
//! the camera's capture process it opens no window.

mod commands;
mod error;
mod memory;
mod window;

use booth::{Booth, Places};
use std::process::ExitCode;
use tauri_specta::Event as _;

/// Tells the page what there is to show now.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize, specta::Type, tauri_specta::Event)]
pub struct ViewChanged(booth::view::View);

fn main() -> ExitCode {
    if let Some(code) = camera::worker::intercept() {
        return code;
    }
    let wiped = memory::wipe_webkits_too();
    tracing_subscriber::fmt().with_env_filter(tracing_subscriber::EnvFilter::from_default_env()).init();
    if let Err(error) = wiped {
        tracing::error!(%error, "what the page's messages held is not wiped from memory");
    }
    window::prepare_environment();
    if window::automation_is_forbidden() {
        eprintln!("refused: a released kiosk is not started under automation");
        return ExitCode::FAILURE;
    }
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(error = error::chain(&*error), "the kiosk can't start");
            eprintln!("campus-booth: {}", error::chain(&*error));
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn std::error::Error>> {
    let booth = Booth::start(&Places::from_environment()?)?;
    let bindings = commands::bindings();
    let handler = commands::handler(&bindings);
    tauri::Builder::default()
        .manage(booth.clone())
        .invoke_handler(handler)
        .setup(move |app| {
            bindings.mount_events(app);
            let window = window::open(app)?;
            tell_changes(app.handle().clone(), &booth);
            forget_each(window, &booth);
            Ok(())
        })
        .run(tauri::generate_context!())?;
    Ok(())
}

/// Tells the page of each change, the newest only: a slow page skips what it missed.
fn tell_changes(app: tauri::AppHandle, booth: &Booth) {
    let mut changes = booth.changes();
    tauri::async_runtime::spawn(async move {
        while changes.changed().await.is_ok() {
            let view = changes.borrow_and_update().clone();
            if let Err(error) = ViewChanged(view).emit(&app) {
                tracing::warn!(error = error::chain(&error), "the page was not told of a change");
            }
        }
    });
}

/// Makes the window forget each student who leaves.
fn forget_each(window: tauri::WebviewWindow, booth: &Booth) {
    let mut farewells = booth.farewells();
    tauri::async_runtime::spawn(async move {
        while farewells.changed().await.is_ok() {
            if let Err(error) = window::forget(&window) {
                tracing::error!(error = error::chain(&error), "the window could not forget a student");
            }
        }
    });
}
