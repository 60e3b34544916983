//! The printer for want of a printer: each document becomes a file of its job's name, and counts as printed once it is there.
//!
//! Simulated, and labelled so. A file is complete or absent: it is written aside, synced, and renamed.

use crate::{
    JobName, JobRef, JobRequest, JobState, Printer, PrinterFault, PrinterKind, PrinterState, PrinterStatus,
};
use async_trait::async_trait;
use std::{
    io::{self, ErrorKind, Write},
    path::{Path, PathBuf},
};

/// Writes documents into a folder. A job's UUID is its name; its number is always 0.
#[derive(Clone, Debug)]
pub struct FolderPrinter {
    folder: PathBuf,
}

impl FolderPrinter {
    /// The printer that writes into `folder`, which is made when it is first used.
    #[must_use]
    pub fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// The file of a job's document.
    #[must_use]
    pub fn file_of(&self, name: &JobName) -> PathBuf {
        self.folder.join(format!("{name}.pdf"))
    }

    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> io::Result<T> + Send + 'static,
    ) -> Result<T, PrinterFault> {
        let printer = self.clone();
        let done = tokio::task::spawn_blocking(move || work(&printer)).await;
        done.map_err(io::Error::other).flatten().map_err(PrinterFault::Folder)
    }

    fn write(&self, request: &JobRequest) -> io::Result<()> {
        std::fs::create_dir_all(&self.folder)?;
        let (file, aside) =
            (self.file_of(&request.name), self.folder.join(format!(".{}.part", request.name)));
        if file.try_exists()? {
            return Ok(());
        }
        let mut part = std::fs::File::create(&aside)?;
        part.write_all(&request.document)?;
        part.sync_all()?;
        std::fs::rename(&aside, &file)?;
        sync_folder(&self.folder)
    }
}

fn sync_folder(folder: &Path) -> io::Result<()> {
    std::fs::File::open(folder)?.sync_all()
}

/// Makes the folder and proves that a file can be written there.
fn check_writable(folder: &Path) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let trial = folder.join(".writable");
    std::fs::write(&trial, b"?")?;
    match std::fs::remove_file(&trial) {
        // Another check of the same folder may have removed it already.
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        result => result,
    }
}

fn reference(name: &JobName) -> JobRef {
    JobRef { job_id: 0, job_uuid: Some(name.as_str().to_owned()) }
}

#[async_trait]
impl Printer for FolderPrinter {
    fn kind(&self) -> PrinterKind {
        PrinterKind::Folder
    }

    fn describe(&self) -> String {
        format!("folder:{}", self.folder.display())
    }

    async fn status(&self) -> Result<PrinterStatus, PrinterFault> {
        self.blocking(|printer| check_writable(&printer.folder)).await?;
        Ok(PrinterStatus {
            state: PrinterState::Idle,
            reasons: Vec::new(),
            media_ready: Vec::new(),
            marker_levels: Vec::new(),
            accepting: true,
            most_copies: None,
            model: "folder (simulated)".to_owned(),
        })
    }

    async fn submit(&self, request: &JobRequest) -> Result<JobRef, PrinterFault> {
        let written = request.clone();
        self.blocking(move |printer| printer.write(&written)).await?;
        Ok(reference(&request.name))
    }

    async fn job(&self, job: &JobRef) -> Result<JobState, PrinterFault> {
        let name = job.job_uuid.as_deref().and_then(|uuid| uuid.parse::<JobName>().ok());
        let known = match name {
            Some(name) => self.find(&name).await?,
            None => None,
        };
        known.map(|_| JobState::Completed).ok_or(PrinterFault::JobUnknown { job_id: job.job_id })
    }

    async fn find(&self, name: &JobName) -> Result<Option<JobRef>, PrinterFault> {
        let file = self.file_of(name);
        let exists = self.blocking(move |_| file.try_exists()).await?;
        Ok(exists.then(|| reference(name)))
    }

    /// What is written is printed: a cancel comes too late.
    async fn cancel(&self, job: &JobRef) -> Result<JobState, PrinterFault> {
        self.job(job).await
    }
}
