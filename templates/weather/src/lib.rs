//! Weather and air quality of a place, from two services asked at the same time.

mod city;
mod page;

use city::Place;
use http_guest::{guest_app, header, PendingRequest, Request, RequestExt, Response, SendError};
use serde::de::DeserializeOwned;
use serde::Deserialize;

const WEATHER: &str = "https://api.open-meteo.com";
const AIR: &str = "https://air-quality-api.open-meteo.com";

/// What the weather service answers.
#[derive(Deserialize)]
pub struct Weather {
    pub current: CurrentWeather,
}

#[derive(Deserialize)]
pub struct CurrentWeather {
    pub time: String,
    pub temperature_2m: f64,
    pub relative_humidity_2m: f64,
    pub wind_speed_10m: f64,
    pub weather_code: u8,
}

/// What the air quality service answers.
#[derive(Deserialize)]
pub struct Air {
    pub current: CurrentAir,
}

#[derive(Deserialize)]
pub struct CurrentAir {
    pub european_aqi: f64,
    pub pm2_5: f64,
}

fn weather(request: &Request<Vec<u8>>) -> Response<String> {
    let Some(place) = city::wanted(request.uri().query().unwrap_or("")) else {
        return html(404, page::unknown());
    };
    let weather =
        start(WEATHER, "forecast", "temperature_2m,relative_humidity_2m,wind_speed_10m,weather_code", &place);
    let air = start(AIR, "air-quality", "european_aqi,pm2_5", &place);
    html(200, page::current(&place, finish::<Weather>(weather), finish::<Air>(air)))
}

/// Sends a request; its answer is waited for later.
fn start(origin: &str, call: &str, fields: &str, place: &Place) -> Result<PendingRequest, String> {
    let (latitude, longitude) = (place.latitude, place.longitude);
    let url = format!("{origin}/v1/{call}?latitude={latitude}&longitude={longitude}&current={fields}");
    let request = Request::get(url).body(Vec::new()).map_err(|error| error.to_string())?;
    request.send_async().map_err(|error: SendError| error.to_string())
}

/// Waits for the answer and reads it.
fn finish<T: DeserializeOwned>(pending: Result<PendingRequest, String>) -> Result<T, String> {
    let response = pending?.wait().map_err(|error| error.to_string())?;
    if !response.status().is_success() {
        return Err(format!("the service answered {}", response.status()));
    }
    serde_json::from_slice(response.body())
        .map_err(|error| format!("the service's answer cannot be read: {error}"))
}

fn html(status: u16, body: String) -> Response<String> {
    let response =
        Response::builder().status(status).header(header::CONTENT_TYPE, "text/html; charset=utf-8");
    response.body(body).expect("status and header are valid")
}

guest_app!(weather);
