//! `boothctl gallery`: a page on which a person looks at what became of a folder of pictures.
//!
//! It judges nothing by itself: verdicts and measures are those of the photos. Where a folder holds a picture's exact
//! alpha and foreground (`NAME_alpha.png`, `NAME_foreground.jpg`), the ideal photo is shown beside the delivered one.
//! The page needs no script and no network.

mod contour;
mod entry;
mod page;
mod plane;
mod truth;

use crate::failure::{Failure, chain};
use crate::photo::Workshop;
use crate::{Outcome, files, output};
use entry::Entry;
use std::path::{Path, PathBuf};

/// Make a page to look at: each picture, its cut-out, the photo, its edge at 400 %, measures and reasons.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The folder of pictures. NAME_alpha.png and NAME_foreground.jpg beside NAME are its truth.
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// The folder for the page; it is made if there is none.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The specification: a name such as `degree`, or the path of a .toml file.
    #[arg(long, value_name = "NAME|FILE.toml", default_value = "degree")]
    spec: String,
    /// Use NAME_backdrop.jpg, where there is one, as the picture of the empty booth.
    #[arg(long)]
    backdrops: bool,
    /// Only pictures whose name holds this.
    #[arg(long, value_name = "TEXT", default_value = "")]
    filter: String,
}

/// Endings of files that are a picture's truth, not pictures.
const TRUTH: [&str; 3] = ["_alpha", "_foreground", "_backdrop"];

/// Does the command.
///
/// # Errors
/// [`Failure`], if specification, models or a folder can't be used.
pub fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let mut workshop = Workshop::open(&arguments.spec, None, None)?;
    let read = |source| Failure::Read { path: arguments.folder.clone(), source };
    let written = |path: &PathBuf| {
        let path = path.clone();
        move |source| Failure::Write { path, source }
    };
    std::fs::create_dir_all(&arguments.out).map_err(written(&arguments.out))?;
    let mut entries = Vec::new();
    for path in files::pictures_in(&arguments.folder).map_err(read)? {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if stem.contains(&arguments.filter) && !TRUTH.iter().any(|ending| stem.ends_with(ending)) {
            if arguments.backdrops {
                take_backdrop(&path.with_file_name(format!("{stem}_backdrop.jpg")), &mut workshop);
            }
            let entry = Entry::make(&path, &stem, &workshop, &arguments.out);
            entries.push(entry.map_err(written(&arguments.out))?);
        }
    }
    if entries.is_empty() {
        return Err(Failure::NoPictures { path: arguments.folder.clone() });
    }
    let index = arguments.out.join("index.html");
    files::write(&index, page::html(&entries, &workshop.spec).as_bytes()).map_err(written(&index))?;
    let accepted = entries.iter().filter(|entry| entry.is_accepted()).count();
    output::line(&format!("{}: {accepted} of {} pictures accepted", index.display(), entries.len()))?;
    Ok(Outcome::Well)
}

/// An empty booth that can't be used is told, and the picture is taken without it.
fn take_backdrop(path: &Path, workshop: &mut Workshop) {
    if let Err(failure) = workshop.change_backdrop(path.exists().then_some(path)) {
        eprintln!("boothctl: {}", chain(&failure));
    }
}
