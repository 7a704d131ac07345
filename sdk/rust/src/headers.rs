//! Headers from the host into the maps of the `http` crate.

use crate::{header, HeaderMap};

/// Puts every value of every name into the map; values may be any bytes that HTTP allows.
pub(crate) fn fill_headers<V: Iterator<Item = Vec<u8>>>(
    map: &mut HeaderMap,
    names: impl Iterator<Item = Vec<u8>>,
    values: impl Fn(&[u8]) -> V,
) {
    for name in names {
        let Ok(key) = header::HeaderName::from_bytes(&name) else { continue };
        for value in values(&name) {
            if let Ok(value) = header::HeaderValue::from_bytes(&value) {
                append(map, &key, value);
            }
        }
    }
}

/// The platform bounds the number of headers far below what a map can hold; not to panic is smaller.
#[cfg(feature = "current")]
fn append(map: &mut HeaderMap, name: &header::HeaderName, value: header::HeaderValue) {
    let _ = map.try_append(name, value);
}

#[cfg(not(feature = "current"))]
fn append(map: &mut HeaderMap, name: &header::HeaderName, value: header::HeaderValue) {
    map.append(name, value);
}
