//! WeChat Pay APIv3 and Alipay.
