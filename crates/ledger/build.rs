//! Rebuilds the crate when a migration is added: the macro that embeds them reads a folder that cargo doesn't watch.

fn main() {
    println!("cargo::rerun-if-changed=../../migrations/booth");
}
