//! Where payment providers tell what happened. Nobody logs in here: each notification is verified by the provider's signature.

use super::extract::{Path, read};
use crate::clock::now_ms;
use crate::trades::{self, Told};
use crate::{Central, Failure, campuses, merchants, metrics};
use axum::Router;
use axum::extract::{Request, State};
use axum::routing::post;
use domain::UtcMillis;
use payment::{Notification, Provider};

/// The largest notification, in bytes.
const LARGEST: u64 = 64 * 1024;

/// `/notify/{provider}/{campus}`.
pub fn router() -> Router<Central> {
    Router::new().route("/notify/{provider}/{campus}", post(notified))
}

async fn notified(
    State(central): State<Central>,
    Path((provider, campus)): Path<(String, String)>,
    request: Request,
) -> Result<&'static str, Failure> {
    let provider = Provider::parse(&provider).ok_or(Failure::NotFound("provider"))?;
    let campus = campuses::named(&**central.pool.get().await?, &campus).await?;
    let account = merchants::account(&central, campus.id, provider).await?;
    let (headers, mut body) = (request.headers().clone(), Vec::new());
    read(request, LARGEST, |part| body.extend_from_slice(&part)).await?;
    let notification = account.notification(&headers, &body, UtcMillis(now_ms())).map_err(|error| {
        ::metrics::counter!(metrics::FORGED).increment(1);
        tracing::warn!(
            error = crate::chain(&error),
            provider = provider.as_str(),
            "a notification is not believed"
        );
        Failure::Invalid("the notification is not believed")
    })?;
    match notification {
        Notification::Paid(notice) => {
            trades::learn(&central, campus.id, notice.number.as_str(), &Told::Paid(notice.paid)).await?;
        }
        Notification::Refunded { refund, status, .. } => {
            trades::refund_told(&central, campus.id, refund.as_str(), &status).await?;
        }
        Notification::Ignored => {}
    }
    Ok(provider.acknowledgement())
}
