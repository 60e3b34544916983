//! How often documents are read as they are held worse and worse, what a look costs, and whether anything wrong was agreed.
//!
//! `cargo run -p reader --example rates [CONDITION...]` prints a table; with `-v` in place of a condition also each reading.
#![allow(clippy::unwrap_used, missing_docs, reason = "a program for whoever measures")]

#[path = "../tests/reader/document/camera.rs"]
#[allow(dead_code, reason = "shared with the tests, which use more of it")]
mod camera;
#[path = "../tests/reader/document/conditions.rs"]
mod conditions;
#[path = "../tests/reader/document/truth.rs"]
#[allow(dead_code, reason = "shared with the tests, which use more of it")]
mod truth;

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|a| a != "-v").collect();
    let verbose = std::env::args().any(|a| a == "-v");
    let reader = reader::document::Reader::load(&inference::default_directory()).unwrap();
    let scene = camera::person();
    println!("{}", conditions::Tally::HEAD);
    for (name, pose) in conditions::all() {
        if !wanted.is_empty() && !wanted.iter().any(|w| name.contains(w.as_str())) {
            continue;
        }
        let mut tally = conditions::Tally::default();
        for truth in truth::Truth::all() {
            let picture = truth.picture();
            tally.add(&reader, &scene, &picture, &truth, pose, verbose);
        }
        println!("{}", tally.row(name));
    }
}
