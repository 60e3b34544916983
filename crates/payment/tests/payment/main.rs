//! Both protocols over real HTTP against the stand-in gateway, and every signature against OpenSSL's command line.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a failed expectation in a test is a failed test"
)]

mod alipay;
mod bench;
mod bill;
mod faults;
mod gateway;
mod merchants;
mod notifications;
mod openssl;
mod trades;
mod wechat;
