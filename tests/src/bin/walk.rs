//! Walks one student through the real window and leaves what comes of it: `walk OUT_DIR`.
//!
//! Used by `make run` where there is no display to show the kiosk on. The camera and the printer are those of the defaults:
//! simulated where there is none.

use domain::print_job::Kind;
use end_to_end::booth_rig::{self, BoothRig, PIN};
use end_to_end::driver::{Display, Window};
use end_to_end::student::{Choices, Student, Witness, walk};
use std::io;
use std::path::{Path, PathBuf};

const SIZE: (u32, u32) = (1080, 1920);

fn main() -> io::Result<()> {
    let out = std::env::args_os().nth(1).map_or_else(|| PathBuf::from("out"), PathBuf::from);
    std::fs::create_dir_all(&out)?;
    tokio::runtime::Runtime::new()?.block_on(run(&out))
}

/// Leaves a picture of each screen.
struct Album<'a> {
    out: &'a Path,
    pages: usize,
}

impl Witness for Album<'_> {
    async fn see(&mut self, step: &str, window: &Window) -> io::Result<()> {
        self.pages += 1;
        keep(self.out, &format!("{:02}-{step}.png", self.pages), &window.screenshot().await?)
    }
}

async fn run(out: &Path) -> io::Result<()> {
    let display = Display::start(SIZE.0, SIZE.1)?;
    let booth = BoothRig::new("auto")?;
    let window = Window::open(&display, booth.data(), SIZE).await?;
    let student = Student::invented(1);
    let walked = walk(&window, &student, &Choices::degree(PIN), &mut Album { out, pages: 0 }).await;
    window.close().await;
    if walked.is_err() {
        eprint!("{}", booth.log()?);
    }
    walked?;
    papers(out, &booth, &student)
}

/// The photo and the papers, as the ledger has them.
fn papers(out: &Path, booth: &BoothRig, student: &Student) -> io::Result<()> {
    let reader = booth.reader()?;
    let nothing = || io::Error::other("the walk left no order");
    let (order, _) = booth_rig::order_of(&reader, &student.document_number, "degree")?.ok_or_else(nothing)?;
    let photo = reader.order(order).map_err(io::Error::other)?.photo.ok_or_else(nothing)?;
    keep(out, "photo.jpg", &reader.official_photo(photo).map_err(io::Error::other)?.ok_or_else(nothing)?)?;
    for job in reader.print_jobs_of(order).map_err(io::Error::other)? {
        let document = reader.print_document(job.id).map_err(io::Error::other)?.ok_or_else(nothing)?;
        keep(out, if job.kind == Kind::Sheet { "sheet.pdf" } else { "receipt.pdf" }, &document)?;
    }
    Ok(())
}

fn keep(out: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    let path = out.join(name);
    std::fs::write(&path, bytes)?;
    println!("{}", path.display());
    Ok(())
}
