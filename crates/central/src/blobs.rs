//! Photos in the object store, a folder or a bucket, each under its campus and hash.
//!
//! A blob is stored before anything in the database says that it is. Left out on purpose: which blobs there are, which the table says.

use crate::settings::{StoreKind, StoreSettings};
use bytes::Bytes;
use futures_util::{Stream, TryStreamExt as _};
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectMeta, ObjectStore, ObjectStoreExt as _, PutPayload};
use protocol::Digest;
use std::path::PathBuf;
use std::sync::Arc;
use uuid::Uuid;

/// A store that can't be used.
#[derive(Debug, thiserror::Error)]
pub enum BlobsError {
    /// The folder can't be made.
    #[error("the folder {} can't be made", path.display())]
    Folder {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The store can't be set up.
    #[error("the object store can't be set up")]
    Store(#[from] object_store::Error),
}

/// The object store.
#[derive(Clone, Debug)]
pub struct Blobs {
    store: Arc<dyn ObjectStore>,
    /// Where the store is a folder.
    folder: Option<PathBuf>,
}

impl Blobs {
    /// The store that the settings name.
    ///
    /// # Errors
    /// [`BlobsError`].
    pub fn open(settings: &StoreSettings) -> Result<Self, BlobsError> {
        match settings.kind {
            StoreKind::Files => files(settings),
            StoreKind::S3 => bucket(settings),
        }
    }

    fn path(campus: Uuid, sha256: &Digest) -> Path {
        let name = sha256.to_string();
        Path::from_iter([campus.to_string().as_str(), &name[..2], &name])
    }

    /// Stores a blob, durably, whose bytes have this hash. The same again changes nothing.
    ///
    /// # Errors
    /// The store's.
    pub async fn put(&self, campus: Uuid, sha256: &Digest, bytes: Bytes) -> object_store::Result<()> {
        self.store.put(&Self::path(campus, sha256), PutPayload::from(bytes)).await.map(drop)
    }

    /// The bytes of a blob of this campus.
    ///
    /// # Errors
    /// The store's; [`object_store::Error::NotFound`] where the campus has none of this hash.
    pub async fn get(&self, campus: Uuid, sha256: &Digest) -> object_store::Result<Bytes> {
        self.store.get(&Self::path(campus, sha256)).await?.bytes().await
    }

    /// Deletes a blob. One that isn't there is no error.
    ///
    /// # Errors
    /// The store's.
    pub async fn delete(&self, campus: Uuid, sha256: &Digest) -> object_store::Result<()> {
        match self.store.delete(&Self::path(campus, sha256)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Every object that is older than `before` and stands under a campus and a hash.
    pub fn older_than(&self, before_ms: i64) -> impl Stream<Item = object_store::Result<(Uuid, Digest)>> {
        let old = move |object: &ObjectMeta| object.last_modified.timestamp_millis() < before_ms;
        self.store
            .list(None)
            .try_filter_map(move |object| async move { Ok(named(&object.location).filter(|_| old(&object))) })
    }

    /// Deletes what uploads left that were killed in the middle before `before`: in a folder a file beside the photo's, with `#` in its name. A bucket
    /// takes an object whole or not at all. How many they were.
    ///
    /// # Errors
    /// The folder's.
    pub async fn clear_drafts(&self, before_ms: i64) -> std::io::Result<u64> {
        let Some(folder) = self.folder.clone() else { return Ok(0) };
        tokio::task::spawn_blocking(move || clear_drafts(&folder, before_ms))
            .await
            .map_err(std::io::Error::other)?
    }

    /// Writes, reads and deletes a small object, to see that the store can be used.
    ///
    /// # Errors
    /// The store's.
    pub async fn check(&self) -> object_store::Result<()> {
        let path = Path::from(format!("check-{}", Uuid::now_v7()));
        self.store.put(&path, PutPayload::from_static(b"check")).await?;
        self.store.get(&path).await?.bytes().await?;
        self.store.delete(&path).await
    }
}

/// The campus and the hash in an object's name.
fn named(path: &Path) -> Option<(Uuid, Digest)> {
    let parts: Vec<_> = path.parts().collect();
    let [campus, _, sha256] = parts.as_slice() else { return None };
    Some((Uuid::try_parse(campus.as_ref()).ok()?, sha256.as_ref().parse().ok()?))
}

fn clear_drafts(folder: &std::path::Path, before_ms: i64) -> std::io::Result<u64> {
    let mut cleared = 0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().contains('#') {
            cleared += u64::from(clear_draft(&entry.path(), before_ms)?);
        } else if entry.file_type()?.is_dir() {
            cleared += clear_drafts(&entry.path(), before_ms)?;
        }
    }
    Ok(cleared)
}

/// Removes a draft that was last written before this time; whether it did. An upload that ends meanwhile gives its draft another name.
fn clear_draft(path: &std::path::Path, before_ms: i64) -> std::io::Result<bool> {
    let cleared = std::fs::symlink_metadata(path).and_then(|about| {
        let since = about.modified()?.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        let old = i64::try_from(since.as_millis()).is_ok_and(|at| at < before_ms);
        if old { std::fs::remove_file(path).map(|()| true) } else { Ok(false) }
    });
    match cleared {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        cleared => cleared,
    }
}

/// A power cut must not take a photo that a booth was told to be safe: each file is synced.
fn files(settings: &StoreSettings) -> Result<Blobs, BlobsError> {
    let path = settings.folder.clone();
    std::fs::create_dir_all(&path).map_err(|source| BlobsError::Folder { path: path.clone(), source })?;
    let store = Arc::new(LocalFileSystem::new_with_prefix(&path)?.with_fsync(true));
    Ok(Blobs { store, folder: Some(path) })
}

fn bucket(settings: &StoreSettings) -> Result<Blobs, BlobsError> {
    let mut builder = AmazonS3Builder::new()
        .with_bucket_name(&settings.bucket)
        .with_region(&settings.region)
        .with_access_key_id(&settings.access_key)
        .with_secret_access_key(&settings.secret_key);
    if !settings.endpoint.is_empty() {
        let plain = settings.endpoint.starts_with("http://");
        builder = builder.with_endpoint(&settings.endpoint).with_allow_http(plain);
    }
    Ok(Blobs { store: Arc::new(builder.build()?), folder: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_old_drafts_are_cleared_and_one_that_has_gone_is_no_fault() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("campus/ab/cd#1");
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        assert!(!clear_draft(&path, i64::MAX).unwrap());
        std::fs::write(&path, "half").unwrap();
        std::fs::write(path.with_file_name("cd"), "whole").unwrap();
        assert_eq!(clear_drafts(folder.path(), 1).unwrap(), 0, "it is being written");
        assert_eq!(clear_drafts(folder.path(), i64::MAX).unwrap(), 1);
        assert!(!path.exists() && path.with_file_name("cd").exists());
    }
}
