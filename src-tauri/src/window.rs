//! The kiosk's one window, locked down.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Instant;
use tauri::webview::NewWindowResponse;
use tauri::{App, WebviewUrl, WebviewWindow, WebviewWindowBuilder, WindowEvent};
use webkit2gtk::{InputMethodContext, LoadEvent, WebProcessTerminationReason};

/// The window's label, which the capability names.
pub const LABEL: &str = "kiosk";

/// Without a GPU WebKit's DMA-BUF renderer costs more than twice the processor time of the plain one.
pub fn prepare_environment() {
    if !std::path::Path::new("/dev/dri").exists() {
        // SAFETY: this is called before any other thread is started.
        #[expect(unsafe_code, reason = "set_var is unsafe only beside other threads, and none runs yet")]
        unsafe {
            std::env::set_var("WEBKIT_DISABLE_DMABUF_RENDERER", "1");
        }
    }
}

/// A released kiosk must not be driven from outside; WebKit's automation is live in release builds too.
pub fn automation_is_forbidden() -> bool {
    !cfg!(debug_assertions) && std::env::var_os("TAURI_WEBVIEW_AUTOMATION").is_some()
}

/// Opens the window over the whole screen (not an incognito one: WebKit gives those no automation, and the tests need it); `CAMPUS_BOOTH_WINDOW=1080x1920` gives it a size instead.
pub fn open(app: &App) -> tauri::Result<WebviewWindow> {
    let builder = WebviewWindowBuilder::new(app, LABEL, WebviewUrl::default())
        .title("Campus Booth")
        .on_navigation(|url| url.scheme() == "tauri" || (cfg!(debug_assertions) && url.port() == Some(5173)))
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_download(|_, _| false)
        // The page's own paper, which is seen alone while the page is loaded in a new process.
        .background_color(tauri::window::Color(0xf2, 0xf6, 0xfa, 0xff))
        .decorations(false)
        .zoom_hotkeys_enabled(false)
        .devtools(cfg!(debug_assertions));
    let window = match asked_size() {
        Some((width, height)) => builder.inner_size(width, height),
        None => builder.fullscreen(true),
    }
    .build()?;
    window.on_window_event(|event| {
        if let WindowEvent::CloseRequested { api, .. } = event {
            api.prevent_close();
        }
    });
    recover(&window)?;
    Ok(window)
}

fn asked_size() -> Option<(f64, f64)> {
    let asked = std::env::var("CAMPUS_BOOTH_WINDOW").ok()?;
    let (width, height) = asked.split_once('x')?;
    Some((width.parse().ok()?, height.parse().ok()?))
}

/// When the page's process ends, the page is loaded again; the booth and the student's session live on in this process.
fn recover(window: &WebviewWindow) -> tauri::Result<()> {
    window.with_webview(|webview| {
        use webkit2gtk::WebViewExt as _;
        let view = webview.inner();
        let ended = Rc::new(Cell::new(None));
        let loaded = Rc::clone(&ended);
        view.connect_web_process_terminated(move |view, reason| {
            if reason != WebProcessTerminationReason::TerminatedByApi {
                tracing::error!(?reason, "the page's process ended; it is loaded again");
            }
            ended.set(Some(Instant::now()));
            view.reload();
        });
        view.connect_load_changed(move |_, event| {
            if event == LoadEvent::Finished
                && let Some(ended) = loaded.take()
            {
                tracing::info!(
                    elapsed_ms = ended.elapsed().as_millis(),
                    "the page was loaded in a new process"
                );
            }
        });
        // The page has its own keyboard. An input method would keep the text around the cursor in this process.
        view.set_input_method_context(None::<&InputMethodContext>);
    })
}

/// Ends the page's process, with all that it holds of a student: fields, scripts' values, pictures, what was drawn. The page is then
/// loaded in a new one.
pub fn forget(window: &WebviewWindow) -> tauri::Result<()> {
    if must_stay() {
        return Ok(());
    }
    window.with_webview(|webview| {
        use webkit2gtk::WebViewExt as _;
        webview.inner().terminate_web_process();
    })
}

/// WebKit ends a WebDriver's session together with the page's process. So a test may ask for the process to stay; a released kiosk
/// never listens.
fn must_stay() -> bool {
    cfg!(debug_assertions) && std::env::var_os("CAMPUS_BOOTH_KEEP_PAGE").is_some_and(|value| value == "1")
}
