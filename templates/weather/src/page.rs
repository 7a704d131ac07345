//! The page.

use crate::city::{Place, CITIES};
use crate::{Air, Weather};
use maud::{html, Markup, DOCTYPE};

const STYLE: &str = "body{font:17px/1.5 system-ui,sans-serif;max-width:36rem;margin:3rem auto;padding:0 1rem}\
:root{color-scheme:light dark}\
    .temperature{font-size:4rem;margin:0}nav a{margin-right:.75rem}";

/// Weather and air of a place; what failed says why.
pub fn current(place: &Place, weather: Result<Weather, String>, air: Result<Air, String>) -> String {
    frame(
        &place.name,
        html! {
            h1 { (place.name) }
            @match weather {
                Ok(Weather { current }) => {
                    p.temperature { (current.temperature_2m) " °C" }
                    p {
                        (describe(current.weather_code)) ", humidity " (current.relative_humidity_2m)
                        " %, wind " (current.wind_speed_10m) " km/h"
                    }
                    p { small { "Measured " (current.time) " UTC" } }
                }
                Err(reason) => p { "No weather: " (reason) }
            }
            @match air {
                Ok(Air { current }) => p {
                    "Air quality index " (current.european_aqi) ", fine dust " (current.pm2_5) " µg/m³"
                }
                Err(reason) => p { "No air quality: " (reason) }
            }
        },
    )
}

/// For a city that is not in the list.
pub fn unknown() -> String {
    frame("Unknown city", html! { h1 { "This city is not in the list" } })
}

fn frame(title: &str, content: Markup) -> String {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width";
                title { (title) }
                style { (STYLE) }
            }
            body {
                (content)
                nav { @for city in CITIES { a href={ "/?city=" (city.0) } { (city.0) } } }
            }
        }
    }
    .into_string()
}

/// The WMO's codes as text, by group.
fn describe(code: u8) -> &'static str {
    match code {
        0 => "Clear",
        1..=2 => "Some clouds",
        3 => "Overcast",
        45..=48 => "Fog",
        51..=57 => "Drizzle",
        61..=67 => "Rain",
        71..=77 => "Snow",
        80..=82 => "Showers",
        85..=86 => "Snow showers",
        95..=99 => "Thunderstorm",
        _ => "Weather of an unknown kind",
    }
}
