//! The committed description of what booths are answered is the current one. `CENTRAL_WRITE_OPENAPI=1` writes it.

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/openapi.json");

#[test]
fn the_description_is_current() {
    let current = central::api::description().unwrap();
    if std::env::var_os("CENTRAL_WRITE_OPENAPI").is_some() {
        std::fs::write(FILE, &current).unwrap();
    }
    let committed = std::fs::read_to_string(FILE).unwrap_or_default();
    let stale = "docs/openapi.json is not what the program says; CENTRAL_WRITE_OPENAPI=1 writes it anew";
    assert!(committed == current, "{stale}");
}
