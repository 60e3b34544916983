//! What a request is made of, parsed once, within limits.

use crate::devices::{self, Device};
use crate::{Central, Failure};
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{FromRequest, FromRequestParts, Request};
use bytes::Bytes;
use futures_util::StreamExt as _;
use http::header::{AUTHORIZATION, CONTENT_LENGTH};
use http::request::Parts;
use protocol::LARGEST_BODY;
use serde::de::DeserializeOwned;

/// The device that asks.
pub(super) struct Asking(pub Device);

impl FromRequestParts<Central> for Asking {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, central: &Central) -> Result<Self, Failure> {
        let header = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = header.and_then(|value| value.strip_prefix("Bearer ")).ok_or(Failure::UnknownDevice)?;
        let (device, key) = devices::credentials(token.trim()).ok_or(Failure::UnknownDevice)?;
        let client = central.pool.get().await?;
        devices::authenticate(&client, device, &key).await.map(Self)
    }
}

/// Parts of the address. One whose escapes are no UTF-8 is nobody's address.
#[derive(FromRequestParts)]
#[from_request(via(axum::extract::Path), rejection(Failure))]
pub(super) struct Path<T>(pub T);

impl From<PathRejection> for Failure {
    fn from(_: PathRejection) -> Self {
        Self::NoAddress
    }
}

/// A body of JSON of at most so many bytes.
pub(super) struct Json<T, const MOST: usize = LARGEST_BODY>(pub T);

impl<T: DeserializeOwned, const MOST: usize> FromRequest<Central> for Json<T, MOST> {
    type Rejection = Failure;

    async fn from_request(request: Request, _: &Central) -> Result<Self, Failure> {
        let body = read_whole(request, MOST).await?;
        serde_json::from_slice(&body).map(Self).map_err(Failure::Json)
    }
}

fn declared(request: &Request) -> Option<u64> {
    request.headers().get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// Reads a body of at most so many bytes.
///
/// # Errors
/// Those of [`read`].
pub(super) async fn read_whole(request: Request, limit: usize) -> Result<Vec<u8>, Failure> {
    let length = declared(&request).and_then(|length| usize::try_from(length).ok());
    let mut body = Vec::with_capacity(length.unwrap_or(0).min(limit));
    read(request, limit as u64, |part| body.extend_from_slice(&part)).await?;
    Ok(body)
}

/// Reads a body part by part, and stops as soon as it is too large: at once where it says so itself.
///
/// # Errors
/// [`Failure::TooLarge`], or [`Failure::Body`] where it broke off.
pub(super) async fn read(request: Request, limit: u64, mut take: impl FnMut(Bytes)) -> Result<u64, Failure> {
    if declared(&request).is_some_and(|length| length > limit) {
        return Err(Failure::TooLarge { limit });
    }
    let mut parts = Body::into_data_stream(request.into_body());
    let mut length = 0;
    while let Some(part) = parts.next().await {
        let part = part.map_err(|_| Failure::Body)?;
        length += part.len() as u64;
        if length > limit {
            return Err(Failure::TooLarge { limit });
        }
        take(part);
    }
    Ok(length)
}
