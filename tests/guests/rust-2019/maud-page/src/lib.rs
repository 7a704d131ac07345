#![feature(proc_macro_hygiene)]
#[macro_use]
extern crate http_guest;
extern crate maud;

use http_guest::{Request, Response};
use maud::{html, DOCTYPE};

pub fn user_entrypoint(req: &Request<Vec<u8>>) -> Response<Vec<u8>> {
    let names = vec!["ant", "<bee>", "cricket"];
    let markup = html! {
        (DOCTYPE)
        head {
            meta charset="utf-8" {}
            title { "Insects" }
        }
        body.page#top {
            h1 { "At " (req.uri().path()) }
            img src="/logo.png" alt="logo" {}
            br {}
            ul {
                @for name in &names {
                    li { (name) }
                }
            }
            @if names.len() > 2 {
                p { "many" }
            } @else {
                p { "few" }
            }
        }
    };
    Response::builder()
        .status(200)
        .header("content-type", "text/html")
        .body(markup.into_string().into_bytes())
        .unwrap()
}

guest_app!(user_entrypoint);
