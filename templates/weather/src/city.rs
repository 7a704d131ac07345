//! Places by name or by coordinates.

/// A point on the map.
pub struct Place {
    pub name: String,
    pub latitude: f64,
    pub longitude: f64,
}

/// Cities that can be asked for by name.
pub const CITIES: &[(&str, f64, f64)] = &[
    ("Berlin", 52.52, 13.41),
    ("Nairobi", -1.29, 36.82),
    ("Lima", -12.05, -77.04),
    ("Kyoto", 35.01, 135.77),
    ("Wellington", -41.29, 174.78),
    ("Montréal", 45.51, -73.59),
];

/// The place that a query asks for: coordinates, a city, or the first city if it names neither.
pub fn wanted(query: &str) -> Option<Place> {
    let coordinate =
        |name, limit: f64| parameter(query, name)?.parse().ok().filter(|value: &f64| value.abs() <= limit);
    if let (Some(latitude), Some(longitude)) = (coordinate("latitude", 90.0), coordinate("longitude", 180.0))
    {
        return Some(Place { name: format!("{latitude}, {longitude}"), latitude, longitude });
    }
    let name = parameter(query, "city").unwrap_or_else(|| CITIES[0].0.to_owned());
    let found = CITIES.iter().find(|city| city.0.to_lowercase() == name.to_lowercase())?;
    Some(Place { name: found.0.to_owned(), latitude: found.1, longitude: found.2 })
}

/// A parameter's value with percent signs and plus signs decoded; none if it is absent or empty.
fn parameter(query: &str, name: &str) -> Option<String> {
    let value = query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))?;
    let value = decode(value);
    (!value.is_empty()).then_some(value)
}

fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let hex = || -> Option<u8> {
            let digits = [rest.clone().next()?, rest.clone().nth(1)?];
            u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()
        };
        match (byte, if byte == b'%' { hex() } else { None }) {
            (_, Some(decoded)) => {
                bytes.push(decoded);
                rest.nth(1);
            }
            (b'+', _) => bytes.push(b' '),
            _ => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
