//! The commands that the page may call, one file a noun.

mod areas;
mod payment;
mod photo;
mod preview;
mod session;

use tauri::Wry;
use tauri::ipc::Invoke;
use tauri_specta::{Builder, collect_commands, collect_events};

/// The typed commands and events, from which the page's bindings are generated.
pub fn bindings() -> Builder<Wry> {
    Builder::<Wry>::new()
        .disable_serde_phases()
        .commands(collect_commands![
            session::get_view,
            session::send,
            payment::confirm_counter_payment,
            payment::review_photo,
            areas::areas
        ])
        .events(collect_events![crate::ViewChanged])
}

/// Pictures travel as raw bytes, which have no TypeScript type: they are dispatched beside the typed commands.
const RAW: [&str; 6] =
    ["preview_frame", "preview_outline", "photo_image", "original_image", "code_picture", "stick_picture"];

/// Dispatches every command.
pub fn handler(bindings: &Builder<Wry>) -> impl Fn(Invoke<Wry>) -> bool + Send + Sync + 'static {
    let typed = bindings.invoke_handler();
    let raw: Box<dyn Fn(Invoke<Wry>) -> bool + Send + Sync> = Box::new(tauri::generate_handler![
        preview::preview_frame,
        preview::preview_outline,
        photo::photo_image,
        photo::original_image,
        photo::code_picture,
        photo::stick_picture
    ]);
    move |invoke: Invoke<Wry>| {
        if RAW.contains(&invoke.message.command()) { raw(invoke) } else { typed(invoke) }
    }
}

#[cfg(test)]
mod tests {
    use specta_typescript::Typescript;

    /// `BOOTH_WRITE_BINDINGS=1` writes the file; otherwise it must be the one that is committed.
    #[test]
    fn the_bindings_are_current() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../ui/src/lib/backend/bindings.ts");
        let fresh = tempfile::tempdir().unwrap();
        let fresh = fresh.path().join("bindings.ts");
        super::bindings().export(Typescript::default(), &fresh).unwrap();
        if std::env::var_os("BOOTH_WRITE_BINDINGS").is_some() {
            std::fs::copy(&fresh, path).unwrap();
        }
        let (fresh, committed) =
            (std::fs::read_to_string(fresh).unwrap(), std::fs::read_to_string(path).unwrap());
        assert_eq!(fresh, committed, "run `make bindings`: the page's types are not those of the commands");
    }
}
