//! What booths speak to: `/v1`. A handler parses, calls one function, and maps the error.

mod blobs;
mod commands;
mod device;
mod directory;
mod enrolment;
mod events;
mod extract;
mod health;
mod notify;
mod payments;

pub use health::router as health_router;
pub use notify::router as notify_router;

use crate::{Central, Failure};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::response::{IntoResponse as _, Response};
use utoipa::OpenApi as _;

/// Every address of `/v1`. An unknown one and a wrong method are problems like any other.
pub fn router() -> Router<Central> {
    let routes = Router::new()
        .merge(blobs::router())
        .merge(commands::router())
        .merge(device::router())
        .merge(directory::router())
        .merge(enrolment::router())
        .merge(events::router())
        .merge(payments::router());
    // Each handler's extractor has a limit of its own.
    Router::new()
        .nest("/v1", routes.fallback(no_address).method_not_allowed_fallback(no_method))
        .layer(DefaultBodyLimit::disable())
}

async fn no_address() -> Response {
    Failure::NoAddress.into_response()
}

async fn no_method() -> Response {
    Failure::NoMethod.into_response()
}

/// The OpenAPI description of version 1.
#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Campus Booth central",
        description = "What booths and the campus's central server say to each other. docs/protocol.md tells the story.",
        license(name = "Apache-2.0")
    ),
    paths(
        enrolment::enrol,
        device::next_key,
        device::heartbeat,
        blobs::put,
        blobs::post,
        events::post,
        directory::page,
        commands::outcome,
        payments::open,
        payments::find,
        payments::close,
        payments::pay_back,
    ),
    components(schemas(protocol::Event)),
    modifiers(&Token),
    security(("device" = []))
)]
struct Description;

/// The bearer token of a device.
struct Token;

impl utoipa::Modify for Token {
    fn modify(&self, description: &mut utoipa::openapi::OpenApi) {
        use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
        let scheme =
            HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some("DEVICE.KEY")).build();
        if let Some(components) = &mut description.components {
            components.add_security_scheme("device", SecurityScheme::Http(scheme));
        }
    }
}

/// The OpenAPI description, as pretty JSON with a line's end.
///
/// # Errors
/// A schema that can't be written as JSON.
pub fn description() -> Result<String, serde_json::Error> {
    Description::openapi().to_pretty_json().map(|json| json + "\n")
}
