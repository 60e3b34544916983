//! Puts the application's own commands under the access control list: a page may call only what a capability names.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let commands = &[
        "get_view",
        "send",
        "confirm_counter_payment",
        "review_photo",
        "areas",
        "preview_frame",
        "preview_outline",
        "photo_image",
        "original_image",
        "code_picture",
        "stick_picture",
    ];
    let manifest = tauri_build::AppManifest::new().commands(commands);
    tauri_build::try_build(tauri_build::Attributes::new().app_manifest(manifest))?;
    Ok(())
}
