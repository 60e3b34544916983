//! The kiosk's one window, locked down.

use tauri::webview::NewWindowResponse;
use tauri::{App, WebviewUrl, WebviewWindow, WebviewWindowBuilder, WindowEvent};

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

/// When the page's process dies, the page is loaded again; the booth and the student's session live on in this process.
fn recover(window: &WebviewWindow) -> tauri::Result<()> {
    window.with_webview(|webview| {
        use webkit2gtk::WebViewExt as _;
        webview.inner().connect_web_process_terminated(|view, reason| {
            tracing::error!(?reason, "the page's process ended; it is loaded again");
            view.reload();
        });
    })
}
