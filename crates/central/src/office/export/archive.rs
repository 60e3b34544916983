//! The archive itself. The photos are read one after the other and handed to a thread that packs them; what is packed goes out through
//! a short channel, so a slow receiver slows the reading. A photo that the store lacks is left out and named in a list of its own. Where
//! one can't be read the archive breaks off without its end, which every program that opens it notices: a list that names a photo has it.

use super::naming::{Field, FileNames, NameTemplate};
use crate::blobs::Blobs;
use crate::chain;
use crate::office::sheets;
use crate::office::when::minute;
use crate::office::words::{Language, document_kind};
use axum::body::Body;
use bytes::Bytes;
use protocol::Digest;
use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::mpsc::{Receiver, Sender, channel};
use uuid::Uuid;
use zip::write::{SimpleFileOptions, ZipWriter};

/// How many pieces may wait, of photos and of the archive.
const WAITING: usize = 8;
/// The size of a piece of the archive.
const PIECE: usize = 64 * 1024;

/// A photo and whose it is.
#[derive(Debug)]
pub(super) struct Photo {
    pub student_number: String,
    pub name: String,
    pub gender: String,
    pub document_kind: String,
    pub document_number: String,
    pub phone: String,
    pub email: String,
    pub college: String,
    pub major: String,
    pub class: String,
    pub year: String,
    pub order_number: String,
    pub specification: String,
    pub submitted_ms: i64,
    pub sha256: Digest,
}

impl Photo {
    fn field(&self, field: Field) -> &str {
        match field {
            Field::StudentNumber => &self.student_number,
            Field::DocumentNumber => &self.document_number,
            Field::Name => &self.name,
            Field::OrderNumber => &self.order_number,
            Field::College => &self.college,
            Field::Major => &self.major,
            Field::Class => &self.class,
        }
    }
}

/// An archive that breaks off.
#[derive(Debug, thiserror::Error)]
enum ExportError {
    /// A photo can't be read.
    #[error("a photo can't be read from the store")]
    Store(#[from] object_store::Error),
    /// It can't be packed.
    #[error("the archive can't be packed")]
    Pack(#[from] zip::result::ZipError),
    /// It can't be written.
    #[error("the archive can't be written")]
    Write(#[from] std::io::Error),
    /// The list can't be written.
    #[error("the list can't be written")]
    List(#[from] sheets::SheetError),
    /// Nobody receives it any more.
    #[error("nobody receives the archive any more")]
    Gone,
}

type Piece = Result<Bytes, std::io::Error>;

/// A file of the archive.
struct File {
    name: String,
    bytes: Bytes,
}

/// The archive as a body that is made while it is sent.
pub(super) fn stream(
    blobs: Blobs,
    campus: Uuid,
    language: Language,
    photos: Vec<Photo>,
    names: NameTemplate,
) -> Body {
    let (pieces, mut sent) = channel::<Piece>(WAITING);
    tokio::spawn(async move {
        if let Err(error) = make(&blobs, campus, language, &photos, &names, pieces.clone()).await {
            tracing::error!(error = chain(&error), "an export broke off");
            // Where this isn't received either, nobody is there to be told.
            let _unheard: Result<_, _> =
                pieces.send(Err(std::io::Error::other("the export broke off"))).await;
        }
    });
    Body::from_stream(futures_util::stream::poll_fn(move |context| sent.poll_recv(context)))
}

async fn make(
    blobs: &Blobs,
    campus: Uuid,
    language: Language,
    photos: &[Photo],
    names: &NameTemplate,
    pieces: Sender<Piece>,
) -> Result<(), ExportError> {
    let (files, taken) = channel(WAITING);
    let packing = tokio::task::spawn_blocking(move || pack(taken, pieces));
    let fed = feed(blobs, campus, language, photos, names, files).await;
    // What the packing says is the reason where nobody took the files any more.
    packing.await.map_err(|_| ExportError::Gone)??;
    fed
}

async fn feed(
    blobs: &Blobs,
    campus: Uuid,
    language: Language,
    photos: &[Photo],
    names: &NameTemplate,
    files: Sender<Option<File>>,
) -> Result<(), ExportError> {
    let mut given = FileNames::default();
    let mut rows = Vec::with_capacity(photos.len());
    let mut missing = Vec::new();
    for photo in photos {
        let bytes = match blobs.get(campus, &photo.sha256).await {
            Err(object_store::Error::NotFound { .. }) => {
                missing.push(vec![photo.student_number.clone(), photo.order_number.clone()]);
                continue;
            }
            read => read?,
        };
        let name = given.take(&names.fill(|field| photo.field(field)));
        rows.push(row(photo, &name, language));
        files.send(Some(File { name, bytes })).await.map_err(|_| ExportError::Gone)?;
    }
    let list = Bytes::from(sheets::xlsx("list", &head(language), &rows)?);
    let list = File { name: "list.xlsx".to_owned(), bytes: list };
    files.send(Some(list)).await.map_err(|_| ExportError::Gone)?;
    if !missing.is_empty() {
        tracing::error!(count = missing.len(), %campus, "the store lacks photos of an export");
        let w = language.words();
        let bytes = Bytes::from(sheets::csv(&[w.student_number, w.order_number], &missing)?);
        let list = File { name: "missing.csv".to_owned(), bytes };
        files.send(Some(list)).await.map_err(|_| ExportError::Gone)?;
    }
    files.send(None).await.map_err(|_| ExportError::Gone)
}

fn head(language: Language) -> [&'static str; 16] {
    let w = language.words();
    [
        w.student_number,
        w.name,
        w.gender,
        w.document_kind,
        w.document_number,
        w.phone,
        w.email,
        w.college,
        w.major,
        w.class_name,
        w.year,
        w.order_number,
        w.specification,
        w.submitted_at,
        w.export_name,
        "SHA-256",
    ]
}

fn row(photo: &Photo, file: &str, language: Language) -> Vec<String> {
    let w = language.words();
    let gender = match photo.gender.as_str() {
        "male" => w.male,
        "female" => w.female,
        _ => "",
    };
    vec![
        photo.student_number.clone(),
        photo.name.clone(),
        gender.to_owned(),
        document_kind(language, &photo.document_kind),
        photo.document_number.clone(),
        photo.phone.clone(),
        photo.email.clone(),
        photo.college.clone(),
        photo.major.clone(),
        photo.class.clone(),
        photo.year.clone(),
        photo.order_number.clone(),
        photo.specification.clone(),
        minute(photo.submitted_ms),
        file.to_owned(),
        photo.sha256.to_string(),
    ]
}

/// Packs files until the last one. Without a last one the archive gets no end.
fn pack(mut files: Receiver<Option<File>>, pieces: Sender<Piece>) -> Result<(), ExportError> {
    // Photos are compressed already. They are deflated all the same, because older programs read no stored file whose length comes
    // behind it, as it does in an archive that is written in one go.
    let options = SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Deflated)
        .compression_level(Some(1));
    let is_broken = Arc::new(AtomicBool::new(false));
    let kept = Vec::with_capacity(PIECE);
    let mut archive = ZipWriter::new_stream(Pieces { pieces, kept, is_broken: is_broken.clone() });
    while let Some(file) = files.blocking_recv() {
        let Some(File { name, bytes }) = file else {
            archive.finish()?.into_inner().flush()?;
            return Ok(());
        };
        archive.start_file(name, options)?;
        archive.write_all(&bytes)?;
    }
    // The writer is about to be dropped, and would write the archive's end by itself.
    is_broken.store(true, Ordering::Relaxed);
    Ok(())
}

/// Sends what is written in pieces, until the archive is broken.
struct Pieces {
    pieces: Sender<Piece>,
    kept: Vec<u8>,
    is_broken: Arc<AtomicBool>,
}

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.kept.extend_from_slice(bytes);
        if self.kept.len() >= PIECE {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        if self.kept.is_empty() || self.is_broken.load(Ordering::Relaxed) {
            self.kept.clear();
            return Ok(());
        }
        let piece = Bytes::from(std::mem::replace(&mut self.kept, Vec::with_capacity(PIECE)));
        self.pieces
            .blocking_send(Ok(piece))
            .map_err(|_| std::io::Error::new(std::io::ErrorKind::BrokenPipe, "nobody receives"))
    }
}
