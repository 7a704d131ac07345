//! DNS through the platform's resolver.

use crate::hostcalls;
use std::fmt;
use std::net::IpAddr;

/// A query failed: not well formed, not answered, or, for addresses, without one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DNSError;

impl fmt::Display for DNSError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("the DNS query failed")
    }
}

impl std::error::Error for DNSError {}

/// The resolver.
///
/// ```no_run
/// use http_guest::DNS;
/// let addresses = DNS::query_ip("example.com", false).unwrap();
/// assert!(addresses.iter().all(|address| address.is_ipv4()));
/// ```
#[derive(Debug)]
pub struct DNS;

impl DNS {
    /// Sends a whole DNS message and returns the whole answer, with the query's transaction id. Any response
    /// code is a success.
    pub fn query_raw(query: &[u8]) -> Result<Vec<u8>, DNSError> {
        hostcalls::dns_query_raw(query).ok_or(DNSError)
    }

    /// IPv4 or, with `ipv6`, IPv6 addresses of a name; at least one.
    pub fn query_ip(name: &str, ipv6: bool) -> Result<Vec<IpAddr>, DNSError> {
        let addresses = hostcalls::dns_query_ip(name, ipv6).ok_or(DNSError)?;
        addresses.iter().map(|bytes| address(bytes).ok_or(DNSError)).collect()
    }
}

fn address(bytes: &[u8]) -> Option<IpAddr> {
    if let Ok(v4) = <[u8; 4]>::try_from(bytes) {
        return Some(v4.into());
    }
    <[u8; 16]>::try_from(bytes).ok().map(IpAddr::from)
}
