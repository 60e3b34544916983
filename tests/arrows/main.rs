//! Dependencies point down, and each big library has one room: read from `cargo metadata`, not from what somebody remembers.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a failed expectation in a test is a failed test"
)]

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand};
use std::collections::BTreeSet;

/// What each room may import of the house. A room that isn't here is refused: say first where it stands.
const ARROWS: [(&str, &[&str]); 16] = [
    ("domain", &[]),
    ("protocol", &["domain"]),
    ("camera", &["domain"]),
    ("inference", &[]),
    ("portrait", &["domain", "inference"]),
    ("reader", &["domain", "inference"]),
    ("ledger", &["domain"]),
    ("roster", &["domain"]),
    ("printing", &["domain"]),
    ("sync", &["domain", "protocol"]),
    ("payment", &["domain", "protocol"]),
    ("booth", &["domain", "protocol", "camera", "portrait", "reader", "ledger", "printing", "sync"]),
    ("boothctl", &["booth", "domain", "camera", "portrait", "ledger", "printing", "roster"]),
    ("central", &["domain", "protocol", "payment", "roster"]),
    ("campus-booth", &["booth", "camera"]),
    (
        "end-to-end",
        &[
            "booth", "boothctl", "domain", "protocol", "camera", "portrait", "ledger", "printing", "sync",
            "reader", "payment",
        ],
    ),
];

/// The libraries that only one room may name.
const OWNERS: [(&str, &[&str]); 11] = [
    ("tauri", &["campus-booth"]),
    ("rusqlite", &["ledger"]),
    ("refinery", &["ledger", "central"]),
    ("axum", &["central"]),
    ("object_store", &["central"]),
    ("tokio-postgres", &["central"]),
    ("nokhwa", &["camera"]),
    ("serialport", &["reader"]),
    ("ort", &["inference"]),
    ("printpdf", &["printing"]),
    ("ipp", &["printing"]),
];

fn metadata() -> Metadata {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml");
    MetadataCommand::new()
        .manifest_path(manifest)
        .no_deps()
        .other_options(vec!["--offline".into()])
        .exec()
        .unwrap()
}

/// Every arrow of the workspace: room, what it names, whether only its tests do.
fn arrows(metadata: &Metadata) -> Vec<(String, String, bool)> {
    let named = |package: &cargo_metadata::Package| {
        let from = package.name.to_string();
        let tests_only = |kind| kind == DependencyKind::Development;
        package
            .dependencies
            .iter()
            .map(|d| (from.clone(), d.name.clone(), tests_only(d.kind)))
            .collect::<Vec<_>>()
    };
    metadata.workspace_packages().into_iter().flat_map(named).collect()
}

#[test]
fn dependencies_point_down() {
    let metadata = metadata();
    let rooms: BTreeSet<String> = metadata.workspace_packages().iter().map(|p| p.name.to_string()).collect();
    for room in &rooms {
        assert!(ARROWS.iter().any(|(name, _)| name == room), "say in ARROWS where {room} stands");
    }
    for (from, to, tests_only) in arrows(&metadata) {
        let allowed = ARROWS.iter().find(|(name, _)| *name == from).map_or(&[][..], |(_, to)| to);
        let inside = rooms.contains(&to) && from != to;
        assert!(!inside || tests_only || allowed.contains(&to.as_str()), "{from} must not import {to}");
    }
}

#[test]
fn each_big_library_has_one_room() {
    for (from, to, tests_only) in arrows(&metadata()) {
        let owners = OWNERS.iter().find(|(library, _)| *library == to).map(|(_, owners)| owners);
        let foreign = owners.is_some_and(|owners| !owners.contains(&from.as_str()));
        assert!(!foreign || (tests_only && from == "end-to-end"), "{to} is not {from}'s: ask {owners:?}");
    }
}

#[test]
fn the_check_can_fail() {
    let metadata = metadata();
    let all = arrows(&metadata);
    assert!(
        all.iter().any(|(from, to, _)| from == "booth" && to == "ledger"),
        "the house's own arrows are seen"
    );
    assert!(
        all.iter().any(|(from, to, _)| from == "campus-booth" && to == "tauri"),
        "foreign arrows are seen"
    );
}
